import { signOut } from './api.ts';
import { createSchemeButton } from './color-scheme.ts';
import { h, setText } from './dom.ts';
import { icon } from './icons.ts';
import type { DocumentState } from './open-document.ts';
import { avatar, type Person } from './people.ts';
import { describeState, LEVELS } from './words.ts';

/** Above everything: which document, how it stands, what one may do in it, who else is here, and who one is. */
export interface PaneBar {
  element: HTMLElement;
  setDocument(name: string, presence: HTMLElement): void;
  update(state: DocumentState): void;
}

export function createPaneBar(me: Person, onLeave: () => void): PaneBar {
  const title = h('h1', { class: 'document-title' });
  const level = h('span', { class: 'level', 'data-testid': 'level', hidden: true });
  const state = h('span', { class: 'state', 'data-testid': 'state', role: 'status' });
  const here = h('div', { class: 'here' });
  const documents = h(
    'button',
    {
      type: 'button',
      class: 'icon-button documents-button',
      popovertarget: 'documents',
      'aria-label': 'Documents',
      title: 'Documents',
      'data-testid': 'open-documents',
    },
    icon('document'),
  );

  return {
    element: h(
      'header',
      { class: 'pane-bar' },
      documents,
      h('div', { class: 'titles' }, title, state),
      level,
      here,
      window.parent === window && createSchemeButton(),
      ...accountMenu(me, onLeave),
    ),
    setDocument: (name, presence) => {
      setText(title, name);
      title.title = name;
      here.replaceChildren(presence);
    },
    update: (next) => {
      const described = describeState(next);
      state.dataset.state = described.state;
      setText(state, described.text);
      state.title = described.text;
      const shown = next.level ?? (next.status === 'refused' ? 'none' : undefined);
      level.hidden = shown === undefined;
      if (shown === undefined || level.dataset.level === shown) return;
      level.dataset.level = shown;
      level.replaceChildren(icon(shown), h('span', {}, LEVELS[shown].label));
    },
  };
}

function accountMenu(me: Person, onLeave: () => void): HTMLElement[] {
  const item = (testId: string, label: string, onclick: () => void): HTMLElement =>
    h('button', { type: 'button', class: 'menu-item', 'data-testid': testId, onclick }, label);
  const leave = async (): Promise<void> => {
    // Whoever is offline is signed out here at least.
    await signOut('here').catch(() => undefined);
    onLeave();
  };
  const whoAmI = `Signed in as ${me.name}`;
  return [
    h(
      'button',
      { type: 'button', class: 'me', popovertarget: 'account-menu', 'data-testid': 'me', title: whoAmI },
      avatar(me),
      h('span', { class: 'me-name' }, me.name),
      icon('chevron'),
    ),
    h(
      'div',
      { class: 'menu', id: 'account-menu', popover: 'auto' },
      h('p', { class: 'note' }, whoAmI),
      item('switch-account', 'Switch account', onLeave),
      item('sign-out', 'Sign out', () => void leave()),
    ),
  ];
}
