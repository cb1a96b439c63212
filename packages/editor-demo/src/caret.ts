import { h } from './dom.ts';
import { colorOf } from './people.ts';

/** A caret with a name. Both come from presence, which the server fills in from the person's token. */
export function renderCaret(user: Record<string, unknown>): HTMLElement {
  const { id, name } = readUser(user);
  return h(
    'span',
    { class: 'caret person', style: `--hue: ${colorOf(id).hue}`, 'data-user': id, contenteditable: 'false' },
    h('span', { class: 'caret-label' }, name),
  );
}

export function renderSelection(user: Record<string, unknown>): { class: string; style: string } {
  return { class: 'caret-selection person', style: `--hue: ${colorOf(readUser(user).id).hue}` };
}

/** The verified part of a presence state; a server without verification would give no id. */
export function readUser(user: unknown): { id: string; name: string } {
  const { id, name }: { id?: unknown; name?: unknown } = typeof user === 'object' && user !== null ? user : {};
  const text = typeof name === 'string' && name !== '' ? name : 'Somebody';
  return { id: typeof id === 'string' ? id : text, name: text };
}
