import { type Account, fetchDocuments, type ListedDocument, signIn, signOut } from './api.ts';
import { createSchemeButton } from './color-scheme.ts';
import { createDocumentList, readHash, toHash } from './document-list.ts';
import { createDocumentView, type DocumentView } from './document-view.ts';
import { h, setText } from './dom.ts';
import { icon } from './icons.ts';
import { narrate, narrateIssue } from './narrator.ts';
import type { Neighbours } from './neighbours.ts';
import { type DocumentState, type OpenDocument, openDocument } from './open-document.ts';
import { createPassSource, explain } from './pass.ts';
import { createPassPanel } from './pass-panel.ts';
import { avatar, type Me } from './people.ts';
import { refusalCard } from './refusal.ts';
import { createTimeline } from './timeline.ts';
import { describeState, LEVELS } from './words.ts';

/** Where the first visit begins. */
const FIRST_DOCUMENT = 'team/plan';

/** Everything that a signed-in person sees. */
export interface Workspace {
  element: HTMLElement;
  close(): void;
}

export function createWorkspace(parts: {
  me: Me;
  accounts: readonly Account[];
  neighbours: Neighbours;
  onLeave: () => void;
}): Workspace {
  const { me, accounts, neighbours, onLeave } = parts;
  const passes = createPassSource();
  const timeline = createTimeline();
  let documents: readonly ListedDocument[] | undefined;
  let opened: { open: OpenDocument; view: DocumentView; stop: () => void } | undefined;

  const list = createDocumentList(me.id, () => list.element.hidePopover());
  const title = h('h1', { class: 'document-title' });
  const level = h('span', { class: 'level', 'data-testid': 'level' });
  const state = h('span', { class: 'state', 'data-testid': 'state', role: 'status' });
  const here = h('div', { class: 'here' });
  const place = h('div', { class: 'place' });
  const panel = createPassPanel({ me, accounts, passes, timeline, neighbours, goTo, introduce });
  const element = h(
    'div',
    { class: 'workspace' },
    h(
      'header',
      { class: 'pane-bar' },
      h(
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
      ),
      h('div', { class: 'titles' }, title, state),
      level,
      here,
      window.parent === window && createSchemeButton(),
      ...accountMenu(),
    ),
    h('div', { class: 'pane-body' }, list.element, place, panel.element),
  );

  function accountMenu(): HTMLElement[] {
    const item = (testId: string, label: string, onclick: () => void): HTMLElement =>
      h('button', { type: 'button', class: 'menu-item', 'data-testid': testId, onclick }, label);
    const leave = async (): Promise<void> => {
      await signOut('here').catch(() => undefined);
      onLeave();
    };
    return [
      h(
        'button',
        {
          type: 'button',
          class: 'me',
          popovertarget: 'account-menu',
          'data-testid': 'me',
          title: `Signed in as ${me.name}`,
        },
        avatar(me),
        h('span', { class: 'me-name' }, me.name),
        icon('chevron'),
      ),
      h(
        'div',
        { class: 'menu', id: 'account-menu', popover: 'auto' },
        h('p', { class: 'note' }, `Signed in as ${me.name}`),
        item('switch-account', 'Switch account', () => void leave()),
        item('sign-out', 'Sign out', () => void leave()),
      ),
    ];
  }

  function goTo(name: string): OpenDocument {
    const target = toHash(name);
    if (location.hash !== target) history.pushState(null, '', target);
    if (opened?.open.name === name) {
      opened.open.retry();
      return opened.open;
    }
    return show(name);
  }

  function show(name: string): OpenDocument {
    opened?.stop();
    const open = openDocument(name, passes);
    const view = createDocumentView({ open, me, showComments: () => panel.showComments() });
    const stops = [
      narrate(open, timeline),
      open.onChange((next) => update(open, view, next)),
      () => view.close(),
      () => open.close(),
    ];
    opened = { open, view, stop: () => stops.forEach((stop) => void stop()) };
    setText(title, name);
    title.title = name;
    document.title = `${name} · hocuspass`;
    place.replaceChildren(view.element);
    here.replaceChildren(view.presence);
    panel.setDocument(open, view.comments);
    list.update(documents, name);
    update(open, view, open.state());
    return open;
  }

  let levelBefore: string | undefined;
  function update(open: OpenDocument, view: DocumentView, next: DocumentState): void {
    const shown = next.level ?? (next.status === 'refused' ? 'none' : undefined);
    level.hidden = shown === undefined;
    if (shown) {
      level.dataset.level = shown;
      if (level.textContent !== LEVELS[shown].label)
        level.replaceChildren(icon(shown), h('span', {}, LEVELS[shown].label));
    }
    const described = describeState(next);
    state.dataset.state = described.state;
    setText(state, described.text);
    state.title = described.text;
    view.update(next, () => refusalFor(open, next));
    panel.update(next);
    if (shown !== levelBefore) {
      levelBefore = shown;
      void refreshList();
      introduce();
    }
  }

  function refusalFor(open: OpenDocument, { reason = '' }: DocumentState): HTMLElement {
    const pass = passes.current();
    return refusalCard({
      reason,
      documentName: open.name,
      explanation: pass && explain(pass, open.name)?.message,
      elsewhere:
        documents?.find(({ name }) => name !== open.name && name === FIRST_DOCUMENT)?.name ??
        documents?.find(({ name }) => name !== open.name)?.name,
      myName: me.name,
      onRetry: () => open.retry(),
      onSignIn: () => void signIn(me.id).then(() => open.retry()),
      onAccounts: onLeave,
    });
  }

  async function refreshList(): Promise<void> {
    try {
      documents = await fetchDocuments(await passes());
    } catch {
      // Without a pass there is nothing to list; offline, the old list is better than none.
      documents ??= [];
    }
    list.update(documents, opened?.open.name ?? '');
  }

  function introduce(): void {
    if (!opened) return;
    const { name, state: stateOf } = opened.open;
    neighbours.introduce({
      username: me.id,
      name: me.name,
      documentName: name,
      level: stateOf().level,
      owns: panel.owns(),
    });
  }

  async function start(): Promise<void> {
    const asked = readHash();
    if (asked === undefined) {
      await refreshList();
      const first = documents?.find(({ name }) => name === FIRST_DOCUMENT) ?? documents?.[0];
      history.replaceState(null, '', toHash(first?.name ?? FIRST_DOCUMENT));
    }
    show(readHash() ?? FIRST_DOCUMENT);
  }

  const followHash = (): void => {
    const name = readHash();
    if (name !== undefined && name !== opened?.open.name) show(name);
  };
  window.addEventListener('hashchange', followHash);
  const stops = [
    passes.onIssued((pass) => narrateIssue(pass, timeline)),
    neighbours.onShared(({ subject, documentName }) => {
      if (subject !== me.id) return;
      if (opened?.open.name === documentName && opened.open.state().status === 'refused') opened.open.retry();
      void refreshList();
    }),
    () => window.removeEventListener('hashchange', followHash),
    () => panel.stop(),
    () => neighbours.introduce(undefined),
  ];
  void start();

  return {
    element,
    close: () => {
      opened?.stop();
      for (const stop of stops) stop();
    },
  };
}
