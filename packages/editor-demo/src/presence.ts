import type { HocuspocusProvider } from '@hocuspocus/provider';
import { readUser } from './caret.ts';
import { h } from './dom.ts';
import { avatar, type Person } from './people.ts';

const SHOWN = 4;

/** Who else is here: one picture a person, as the server vouches for them. */
export interface Presence {
  element: HTMLElement;
  stop(): void;
}

export function createPresence({ awareness, document }: HocuspocusProvider): Presence {
  const element = h('ul', { class: 'presence', 'data-testid': 'presence', 'aria-label': 'Also here' });
  let drawn = '';

  const draw = (): void => {
    const people = new Map<string, Person>();
    for (const [clientId, state] of awareness?.getStates() ?? []) {
      if (clientId === document.clientID || !state.user) continue;
      const user = readUser(state.user);
      people.set(user.id, user);
    }
    const list = [...people.values()].sort((a, b) => a.id.localeCompare(b.id));
    const next = JSON.stringify(list);
    if (next === drawn) return;
    drawn = next;
    const more = list.length - SHOWN;
    element.replaceChildren(
      ...list.slice(0, SHOWN).map(toItem),
      ...(more > 0 ? [h('li', { class: 'presence-more' }, `+${more}`)] : []),
    );
  };

  awareness?.on('change', draw);
  draw();
  return { element, stop: () => awareness?.off('change', draw) };
}

function toItem(person: Person): HTMLElement {
  return h(
    'li',
    { 'data-user': person.id, title: `${person.name} is here` },
    avatar(person),
    h('span', { class: 'visually-hidden' }, person.name),
  );
}
