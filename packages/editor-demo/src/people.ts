import { h } from './dom.ts';

/** Somebody, as the server vouches for them. */
export interface Person {
  id: string;
  name: string;
}

/** Whoever uses this pane. */
export interface Me extends Person {
  /** The folders whose documents this person may share; `undefined` if the server does not tell. */
  owns: readonly string[] | undefined;
}

/** Colours that white text can be read on; the page itself uses the hue, the hex value is for other Tiptap editors. */
const COLORS = [
  { hue: 277, hex: '#4f4fc4' },
  { hue: 15, hex: '#b3214b' },
  { hue: 160, hex: '#00734d' },
  { hue: 45, hex: '#a8470b' },
  { hue: 225, hex: '#00669e' },
  { hue: 325, hex: '#9a2f9b' },
  { hue: 85, hex: '#7d5a00' },
  { hue: 195, hex: '#006f75' },
] as const;

/** The colour of a person, the same on every screen. */
export function colorOf(id: string): { hue: number; hex: string } {
  let hash = 10;
  for (const character of id) hash = (hash * 37 + (character.codePointAt(0) ?? 0)) % 9973;
  return COLORS[hash % COLORS.length] ?? COLORS[0];
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? '')
    .join('')
    .toUpperCase();
}

/** A round picture of somebody: their initials on their colour. The name must be said beside it. */
export function avatar({ id, name }: Person): HTMLElement {
  return h(
    'span',
    { class: 'avatar person', style: `--hue: ${colorOf(id).hue}`, 'aria-hidden': 'true' },
    initialsOf(name),
  );
}
