import { followScheme } from './color-scheme.ts';
import { untilFontIsThere } from './font.ts';
import { startShell } from './shell.ts';

window.addEventListener('storage', followScheme);
startShell(document.body, untilFontIsThere());
