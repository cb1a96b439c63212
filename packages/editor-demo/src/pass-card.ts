import { h, setText } from './dom.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import { explain, type Pass } from './pass.ts';
import { avatar, colorOf, type Person } from './people.ts';
import { createRing } from './ring.ts';

/** The pass as something one could hold: who, which document, what for, and how long. */
export interface PassCard {
  element: HTMLElement;
  update(pass: Pass | undefined, open: OpenDocument, state: DocumentState): void;
  stop(): void;
}

export function createPassCard(me: Person, onDetails: () => void): PassCard {
  const ring = createRing('ring');
  const documentName = h('dd', { class: 'pass-document' }, '…');
  const level = h('dd', { class: 'pass-level' }, '…');
  const why = h('p', { class: 'why', 'data-testid': 'why' });
  const more = h('button', { type: 'button', class: 'link-button', onclick: onDetails }, 'See what your pass says');
  const card = h(
    'section',
    { class: 'pass-card person', style: `--hue: ${colorOf(me.id).hue}`, 'aria-label': 'Your pass' },
    h(
      'div',
      { class: 'pass-holder' },
      avatar(me),
      h('div', { class: 'pass-name' }, h('span', { class: 'pass-kind' }, 'Document pass'), h('strong', {}, me.name)),
      ring.element,
    ),
    h(
      'dl',
      { class: 'pass-stub' },
      h('div', {}, h('dt', {}, 'Document'), documentName),
      h('div', {}, h('dt', {}, 'Level'), level),
    ),
  );

  return {
    element: h('div', { class: 'pass-top' }, card, why, more),
    update: (pass, open, state) => {
      const isIn = state.status !== 'refused';
      ring.set(isIn ? state.expiresAt : undefined, pass?.lifetimeSeconds ?? 0);
      setText(documentName, open.name);
      documentName.title = open.name;
      setText(level, state.level ?? (isIn ? '…' : 'none'));
      card.dataset.level = state.level ?? 'none';
      more.hidden = pass === undefined;
      setText(why, pass ? whyOf(pass, open.name, state) : 'You hold no pass right now.');
    },
    stop: ring.stop,
  };
}

/** What the token says, and, where the server's live check answered lower, that it did. */
function whyOf(pass: Pass, documentName: string, state: DocumentState): string {
  const explanation = explain(pass, documentName);
  const message = explanation?.message ?? 'This token cannot be read.';
  const isLowered = state.level !== undefined && explanation?.level !== undefined && explanation.level !== state.level;
  return isLowered ? `${message} The owner has since lowered it to ${state.level}.` : message;
}
