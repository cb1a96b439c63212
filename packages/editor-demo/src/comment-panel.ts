import type { Editor } from '@tiptap/core';
import { toAnchor, toRange } from './comment-anchors.ts';
import { createCommentForm } from './comment-form.ts';
import { highlightsKey } from './comment-highlights.ts';
import type { Anchor, Comments } from './comments.ts';
import { h } from './dom.ts';
import type { Person } from './people.ts';
import { createThreadView, type ThreadView } from './thread-view.ts';

/** All threads of a document, and the form for a new one. */
export interface CommentPanel {
  element: HTMLElement;
  openCount(): number;
  update(mayComment: boolean): void;
  /** Opens the form for the selected text; false if nothing is selected. */
  startDraft(): boolean;
  show(threadId: string): void;
}

export function createCommentPanel(editor: Editor, comments: Comments, me: Person): CommentPanel {
  const views = new Map<string, ThreadView>();
  let mayComment = false;
  let draft: { anchor: Anchor; quote: string } | undefined;

  const form = createCommentForm({
    label: 'What would you like to say?',
    send: 'Comment',
    testId: 'comment',
    onSend: (text) => {
      const id = draft && comments.start(draft.anchor, draft.quote, text, me);
      endDraft();
      if (id) show(id);
    },
    onCancel: () => endDraft(),
  });
  const draftQuote = h('p', { class: 'thread-quote' });
  const newThread = h(
    'div',
    { class: 'thread is-new', 'data-testid': 'comment-new', hidden: true },
    draftQuote,
    form.element,
  );
  const empty = h('p', { class: 'empty' });
  const open = h('ol', { class: 'threads', 'aria-label': 'Open threads' });
  const resolved = h('ol', { class: 'threads', 'aria-label': 'Resolved threads' });
  const resolvedSummary = h('summary', {});
  const resolvedGroup = h('details', { class: 'resolved', hidden: true }, resolvedSummary, resolved);

  function draw(): void {
    const threads = comments.threads();
    for (const [id, view] of views) {
      if (threads.some((thread) => thread.id === id)) continue;
      view.element.remove();
      views.delete(id);
    }
    for (const thread of threads) {
      const view = views.get(thread.id) ?? createThreadView(thread.id, comments, me, () => scrollTo(thread.id));
      views.set(thread.id, view);
      view.update(thread, mayComment);
      const home = thread.resolved ? resolved : open;
      if (view.element.parentElement !== home) home.append(view.element);
    }
    resolvedGroup.hidden = resolved.childElementCount === 0;
    resolvedSummary.textContent = `Resolved (${resolved.childElementCount})`;
    empty.hidden = open.childElementCount > 0 || draft !== undefined;
    empty.textContent = mayComment ? 'No open comments. Select some text and choose Comment.' : 'No open comments.';
  }

  function endDraft(): void {
    draft = undefined;
    newThread.hidden = true;
    editor.view.dispatch(editor.state.tr.setMeta(highlightsKey, { draft: undefined }));
    draw();
  }

  function show(threadId: string): void {
    for (const [id, view] of views) view.setActive(id === threadId);
    editor.view.dispatch(editor.state.tr.setMeta(highlightsKey, { active: threadId }));
    const view = views.get(threadId)?.element;
    if (resolved.contains(view ?? null)) resolvedGroup.setAttribute('open', '');
    view?.scrollIntoView({ block: 'nearest' });
  }

  function scrollTo(threadId: string): void {
    show(threadId);
    const thread = comments.threads().find(({ id }) => id === threadId);
    const range = thread && toRange(editor.state, thread.anchor);
    const { node } = range ? editor.view.domAtPos(range.from) : { node: undefined };
    const target = node instanceof HTMLElement ? node : node?.parentElement;
    target?.scrollIntoView({ block: 'center' });
  }

  editor.on('destroy', comments.onChange(draw));
  draw();

  return {
    element: h('div', { class: 'comments' }, newThread, empty, open, resolvedGroup),
    openCount: () => comments.threads().filter(({ resolved: isResolved }) => !isResolved).length,
    update: (may) => {
      mayComment = may;
      if (!may && draft) endDraft();
      draw();
    },
    startDraft: () => {
      const { from, to, empty: isEmpty } = editor.state.selection;
      const anchor = isEmpty ? undefined : toAnchor(editor.state, from, to);
      if (!anchor) return false;
      const quote = editor.state.doc.textBetween(from, to, ' ').slice(0, 200);
      draft = { anchor, quote };
      draftQuote.textContent = quote;
      newThread.hidden = false;
      editor.view.dispatch(editor.state.tr.setMeta(highlightsKey, { draft: anchor }));
      draw();
      form.field.focus();
      return true;
    },
    show,
  };
}
