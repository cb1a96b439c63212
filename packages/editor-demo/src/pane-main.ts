import { followScheme } from './color-scheme.ts';
import { untilFontIsThere } from './font.ts';
import { startPane } from './pane.ts';

window.addEventListener('storage', followScheme);
void startPane(document.body, untilFontIsThere());
