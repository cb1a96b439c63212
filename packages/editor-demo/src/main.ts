import { followScheme } from './color-scheme.ts';

const FONT_PATIENCE_MS = 300;

window.addEventListener('storage', followScheme);

// Text that appears in its final font does not move.
await Promise.race([
  document.fonts.load('1em Inter').catch(() => undefined),
  new Promise((resolve) => setTimeout(resolve, FONT_PATIENCE_MS)),
]);

if (/\/(left|right)\/$/.test(location.pathname)) {
  const { startPane } = await import('./pane.ts');
  await startPane(document.body);
} else {
  const { startShell } = await import('./shell.ts');
  startShell(document.body);
}
