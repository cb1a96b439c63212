import type { Account } from './api.ts';
import { h } from './dom.ts';
import { avatar } from './people.ts';

/** The accounts to choose from. They have no passwords: this is a demo. */
export function signInPage(accounts: readonly Account[], onChoose: (username: string) => void): HTMLElement {
  return h(
    'main',
    { class: 'sign-in' },
    h('h1', {}, 'Who would you like to be?'),
    h('p', { class: 'lead' }, 'Each of them gets a different pass. No passwords: this is a demo.'),
    h(
      'ul',
      { class: 'accounts' },
      ...accounts.map(({ username, name, description }) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              class: 'account',
              'data-testid': `account-${username}`,
              onclick: () => onChoose(username),
            },
            avatar({ id: username, name }),
            h('span', { class: 'account-text' }, h('strong', {}, name), h('span', {}, description)),
          ),
        ),
      ),
    ),
  );
}

/** The server cannot be reached, or answered nonsense. */
export function unavailablePage(onRetry: () => void): HTMLElement {
  return h(
    'main',
    { class: 'sign-in' },
    h('h1', {}, 'The server does not answer'),
    h('p', { class: 'lead' }, 'Is it running? Nothing you wrote here is lost.'),
    h('div', {}, h('button', { type: 'button', class: 'button is-primary', onclick: onRetry }, 'Try again')),
  );
}
