import { h } from './dom.ts';
import { toHash } from './hash.ts';
import { icon } from './icons.ts';
import { describeRefusal } from './words.ts';

/** Stands where the text would be: why it is not shown, and what one can do about it. */
export function refusalCard(parts: {
  reason: string;
  documentName: string;
  /** The words of `explain()`, where the pass is at hand. */
  explanation: string | undefined;
  /** A document that this person may open. */
  elsewhere: string | undefined;
  myName: string;
  onRetry: () => void;
  onSignIn: () => void;
  onAccounts: () => void;
}): HTMLElement {
  const { documentName, explanation, elsewhere, myName, onRetry, onSignIn, onAccounts } = parts;
  const { reason, title, text, ways } = describeRefusal(parts.reason);
  const buttons = {
    retry: way('refusal-retry', 'Try again', onRetry),
    'sign-in': way('refusal-sign-in', `Sign in again as ${myName}`, onSignIn),
    accounts: way('refusal-accounts', 'Choose another account', onAccounts),
    document: elsewhere
      ? h('a', { class: 'button', href: toHash(elsewhere), 'data-testid': 'refusal-document' }, `Back to ${elsewhere}`)
      : undefined,
  };
  const shown = ways.flatMap((name) => buttons[name] ?? []);
  shown[0]?.classList.add('is-primary');

  return h(
    'div',
    { class: 'refusal', role: 'alert', 'data-testid': 'refusal', 'data-reason': reason },
    h('span', { class: 'refusal-icon' }, icon('lock')),
    h('h2', {}, title),
    h('p', { class: 'refusal-document' }, documentName),
    h('p', {}, text),
    reason === 'document-forbidden' && explanation !== undefined && h('p', { class: 'refusal-why' }, explanation),
    h('p', { class: 'refusal-reason' }, 'Reason: ', h('code', {}, reason)),
    h('div', { class: 'refusal-ways' }, ...shown),
  );
}

function way(testId: string, label: string, onclick: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'button', 'data-testid': testId, onclick }, label);
}
