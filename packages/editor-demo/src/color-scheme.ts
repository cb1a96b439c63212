import { h } from './dom.ts';
import { type IconName, icon } from './icons.ts';

const KEY = 'hocuspass:scheme';
const SCHEMES: readonly { name: string; face: IconName; label: string }[] = [
  { name: 'auto', face: 'auto', label: 'Color scheme: as the system' },
  { name: 'light', face: 'sun', label: 'Color scheme: light' },
  { name: 'dark', face: 'moon', label: 'Color scheme: dark' },
];

/** Cycles through the system's colour scheme, light and dark; every frame of the page follows. */
export function createSchemeButton(): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'icon-button', onclick: () => choose(current() + 1) });
  const current = (): number => SCHEMES.findIndex(({ name }) => name === document.documentElement.dataset.scheme);
  const choose = (index: number): void => {
    localStorage.setItem(KEY, SCHEMES[index % SCHEMES.length]?.name ?? 'auto');
    followScheme();
    draw();
  };
  const draw = (): void => {
    const { face, label } = SCHEMES[current()] ?? { face: 'auto', label: 'Color scheme' };
    button.replaceChildren(icon(face));
    button.setAttribute('aria-label', label);
    button.title = label;
  };
  draw();
  return button;
}

/** Takes over the scheme that was chosen, here or in another frame. */
export function followScheme(): void {
  document.documentElement.dataset.scheme = localStorage.getItem(KEY) ?? 'auto';
}
