import type { Account } from './api.ts';
import type { CommentPanel } from './comment-panel.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import type { Neighbours } from './neighbours.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import type { PassSource } from './pass.ts';
import { createPassCard } from './pass-card.ts';
import { createPassDetails } from './pass-details.ts';
import type { Me, Person } from './people.ts';
import { createRights } from './rights.ts';
import { createRing } from './ring.ts';
import { createTabs } from './tabs.ts';
import { createThingsToTry } from './things-to-try.ts';
import type { Timeline } from './timeline.ts';

/** Beside the text: the pass, things to try with it, what happened, and the comments. */
export interface PassPanel {
  element: HTMLElement;
  setDocument(open: OpenDocument, comments: CommentPanel): void;
  update(state: DocumentState): void;
  showComments(): void;
  owns(): boolean;
  stop(): void;
}

export function createPassPanel(parts: {
  me: Me;
  accounts: readonly Account[];
  passes: PassSource;
  timeline: Timeline;
  neighbours: Neighbours;
  current: () => OpenDocument;
  goTo: (documentName: string) => OpenDocument;
  introduce: () => void;
}): PassPanel {
  const { me, accounts, passes, timeline, neighbours, current, goTo, introduce } = parts;
  let open: OpenDocument | undefined;
  let comments: CommentPanel | undefined;

  const details = createPassDetails();
  const card = createPassCard(me, details.show);
  const things = createThingsToTry({
    me,
    passes,
    somebodyElse,
    current,
    goTo,
    timeline,
  });
  const rights = createRights({
    me,
    accounts,
    passes,
    neighbours,
    timeline,
    onOwnership: introduce,
    onResult: (text) => things.report('rights', text),
  });
  const strip = createRing();
  strip.element.setAttribute('aria-hidden', 'true');
  const commentPlace = h('div', { class: 'comment-place' });
  const passView = h(
    'div',
    { class: 'pass-view' },
    card.element,
    rights.element,
    things.element,
    h(
      'section',
      { 'aria-labelledby': 'timeline-title' },
      h('h2', { id: 'timeline-title' }, 'What happened'),
      timeline.element,
    ),
    details.element,
  );
  const tabs = createTabs('Panel', [
    { id: 'pass', label: 'Pass', content: passView },
    { id: 'comments', label: 'Comments', content: commentPlace },
  ]);
  const opener = h(
    'button',
    {
      type: 'button',
      class: 'panel-button',
      'aria-expanded': 'false',
      'aria-controls': 'panel-content',
      'data-testid': 'open-panel',
      onclick: () => setOpen(!element.classList.contains('is-open')),
    },
    strip.element,
    h('span', {}, 'Your pass'),
    h('span', { class: 'strip-more' }, 'things to try, comments'),
    icon('chevron'),
  );
  const content = h('div', { class: 'panel-content', id: 'panel-content' }, tabs.element);
  const element = h('aside', { class: 'panel', 'aria-label': 'Pass', 'data-testid': 'pass' }, opener, content);

  function setOpen(isOpen: boolean): void {
    element.classList.toggle('is-open', isOpen);
    opener.setAttribute('aria-expanded', String(isOpen));
  }

  function somebodyElse(): Person {
    const neighbour = neighbours.current();
    const other = accounts.find(({ username }) => username === neighbour?.username && username !== me.id);
    const anyone = other ?? accounts.find(({ username }) => username !== me.id);
    return { id: anyone?.username ?? 'ada', name: anyone?.name ?? 'Ada' };
  }

  function draw(): void {
    if (!open) return;
    const state = open.state();
    const pass = state.reason === 'signed-out' ? undefined : passes.current();
    card.update(pass, open, state);
    strip.set(state.status === 'refused' ? undefined : state.expiresAt, pass?.lifetimeSeconds ?? 0);
    details.update(pass, open.name);
    tabs.setCount('comments', state.status === 'refused' ? 0 : (comments?.openCount() ?? 0));
  }

  setOpen(matchMedia('(min-width: 480px) and (max-width: 639px)').matches);
  const stopIssued = passes.onIssued(draw);
  const stopNeighbours = neighbours.onChange(() => open && things.update(open.state()));
  return {
    element,
    setDocument: (next, nextComments) => {
      open = next;
      comments = nextComments;
      commentPlace.replaceChildren(nextComments.element);
      rights.setDocument(next);
      next.document.getMap('comments').observeDeep(draw);
      draw();
    },
    update: (state) => {
      rights.update(state);
      things.update(state);
      draw();
    },
    showComments: () => {
      if (matchMedia('(max-width: 639px)').matches) setOpen(true);
      tabs.select('comments');
    },
    owns: rights.owns,
    stop: () => {
      stopIssued();
      stopNeighbours();
      card.stop();
      strip.stop();
      rights.stop();
    },
  };
}
