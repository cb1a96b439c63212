import { followScheme } from './color-scheme.ts';
import { startPane } from './pane.ts';
import { startShell } from './shell.ts';

const FONT_PATIENCE_MS = 300;

window.addEventListener('storage', followScheme);

// Text that appears in its final font does not move.
const font = Promise.race([
  document.fonts.load('1em Inter').catch(() => undefined),
  new Promise((resolve) => setTimeout(resolve, FONT_PATIENCE_MS)),
]);

if (/\/(left|right)\/$/.test(location.pathname)) void startPane(document.body, font);
else void font.then(() => startShell(document.body));
