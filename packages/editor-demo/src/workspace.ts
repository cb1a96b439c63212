import { type Account, fetchDocuments, type ListedDocument, signIn } from './api.ts';
import { createDocumentList } from './document-list.ts';
import { createDocumentView, type DocumentView } from './document-view.ts';
import { h } from './dom.ts';
import { readHash, toHash } from './hash.ts';
import { narrate, narrateIssue } from './narrator.ts';
import type { Neighbours } from './neighbours.ts';
import { type DocumentState, type OpenDocument, openDocument } from './open-document.ts';
import { createPaneBar } from './pane-bar.ts';
import { explain, type PassSource } from './pass.ts';
import { createPassPanel } from './pass-panel.ts';
import type { Me } from './people.ts';
import { refusalCard } from './refusal.ts';
import { createTimeline } from './timeline.ts';

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
  passes: PassSource;
  /** Opened already, before there was an editor. */
  first: OpenDocument | undefined;
  onLeave: () => void;
}): Workspace {
  const { me, accounts, neighbours, passes, onLeave } = parts;
  const timeline = createTimeline();
  let { first } = parts;
  let documents: readonly ListedDocument[] | undefined;
  let opened: { open: OpenDocument; view: DocumentView; stop: () => void } | undefined;

  const list = createDocumentList(me.id, () => list.element.hidePopover());
  const bar = createPaneBar(me, onLeave);
  const place = h('div', { class: 'place' });
  const panel = createPassPanel({ me, accounts, passes, timeline, neighbours, current, goTo, introduce });
  const element = h(
    'div',
    { class: 'workspace' },
    bar.element,
    h('div', { class: 'pane-body' }, list.element, place, panel.element),
  );

  function current(): OpenDocument {
    return opened?.open ?? show(readHash() ?? FIRST_DOCUMENT);
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
    const open = takeFirst(name) ?? openDocument(name, passes);
    const view = createDocumentView({ open, me, showComments: () => panel.showComments() });
    const stops = [
      narrate(open, timeline),
      open.onChange((next) => update(open, view, next)),
      () => view.close(),
      () => open.close(),
    ];
    opened = { open, view, stop: () => stops.forEach((stop) => void stop()) };
    bar.setDocument(name, view.presence);
    document.title = `${name} · hocuspass`;
    place.replaceChildren(view.element);
    panel.setDocument(open, view.comments);
    list.update(documents, name);
    update(open, view, open.state());
    return open;
  }

  function takeFirst(name: string): OpenDocument | undefined {
    const taken = first;
    first = undefined;
    if (taken?.name === name) return taken;
    taken?.close();
    return undefined;
  }

  let levelBefore: string | undefined;
  function update(open: OpenDocument, view: DocumentView, next: DocumentState): void {
    bar.update(next);
    view.update(next, () => refusalFor(open, next));
    panel.update(next);
    const level = next.level ?? next.status;
    if (level !== levelBefore) {
      levelBefore = level;
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
  const issued = passes.current();
  if (issued) narrateIssue(issued, timeline);
  void start();

  return {
    element,
    close: () => {
      opened?.stop();
      for (const stop of stops) stop();
    },
  };
}
