import { selectBlocksByKey } from './block-selection.ts';
import { createCommentBubble } from './comment-bubble.ts';
import { type CommentPanel, createCommentPanel } from './comment-panel.ts';
import { createComments } from './comments.ts';
import { h, setText } from './dom.ts';
import { createEditor } from './editor.ts';
import { createLinkForm } from './link-form.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import type { Person } from './people.ts';
import { createPresence } from './presence.ts';
import { createToolbar } from './toolbar.ts';
import { createWordCount } from './word-count.ts';
import { describeHint, describeLimits } from './words.ts';

/** The middle of a pane: toolbar, text, word count; or the refusal. */
export interface DocumentView {
  element: HTMLElement;
  presence: HTMLElement;
  comments: CommentPanel;
  update(state: DocumentState, refusal: () => HTMLElement): void;
  close(): void;
}

export function createDocumentView(parts: { open: OpenDocument; me: Person; showComments: () => void }): DocumentView {
  const { open, me, showComments } = parts;
  const comments = createComments(open.document);
  const presence = createPresence(open.provider);
  const sheet = h('div', { class: 'sheet' });
  const startComment = (): void => {
    if (!may.comment) return;
    showComments();
    if (panel.startDraft()) return;
    say('Select some text first, then choose Comment.');
  };
  const editor = createEditor({
    element: sheet,
    open,
    me,
    comments,
    onComment: startComment,
    onThread: (threadId) => {
      showComments();
      panel.show(threadId);
    },
  });
  selectBlocksByKey(editor);
  const panel = createCommentPanel(editor, comments, me);
  const link = createLinkForm(editor);
  const toolbar = createToolbar(editor, { onLink: link.open, onComment: startComment });
  const skeleton = h('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...'abcde'.split('').map(() => h('span')));
  const notice = h('p', { class: 'notice', 'data-testid': 'notice', role: 'status' });
  const hint = h('span', { class: 'hint' });
  const foot = h('footer', { class: 'document-foot' }, createWordCount(editor), hint);
  const scroller = h('div', { class: 'scroller' }, skeleton, sheet);
  const bubble = createCommentBubble(editor, scroller, startComment);
  scroller.append(bubble.element);
  const element = h('main', { class: 'document' }, toolbar.element, link.element, notice, scroller, foot);

  let may = { write: false, comment: false };
  let refused: HTMLElement | undefined;
  let refusedFor = '';
  let said: ReturnType<typeof setTimeout> | undefined;
  let state = open.state();

  function say(text: string): void {
    setText(notice, text);
    clearTimeout(said);
    said = setTimeout(() => {
      said = undefined;
      setText(notice, describeLimits(state));
    }, 5000);
  }

  function update(next: DocumentState, refusal: () => HTMLElement): void {
    state = next;
    const isIn = next.status !== 'refused';
    may = {
      write: isIn && next.level === 'write' && next.loaded,
      comment: isIn && (next.level === 'comment' || next.level === 'write'),
    };
    if (editor.isEditable !== may.write) editor.setEditable(may.write, false);
    editor.view.dom.setAttribute('aria-readonly', String(!may.write));
    toolbar.update(may);
    panel.update(may.comment);
    toolbar.element.hidden = !isIn;
    foot.hidden = !isIn;
    panel.element.hidden = !isIn;
    if (!may.write) link.element.hidden = true;
    skeleton.hidden = next.loaded || !isIn;
    sheet.hidden = !next.loaded || !isIn;
    element.dataset.level = next.level ?? 'none';
    if (said === undefined) setText(notice, describeLimits(next));
    setText(hint, describeHint(may));
    showRefusal(isIn ? undefined : (next.reason ?? ''), refusal);
    bubble.place(may.comment && !sheet.hidden);
  }

  function showRefusal(reason: string | undefined, refusal: () => HTMLElement): void {
    if (reason === undefined) {
      refused?.remove();
      refused = undefined;
    } else if (!refused || refusedFor !== reason) {
      refused?.remove();
      refused = refusal();
      refusedFor = reason;
      scroller.append(refused);
    }
  }

  const placeBubble = (): void => bubble.place(may.comment && !sheet.hidden);
  editor.on('focus', placeBubble);
  editor.on('blur', placeBubble);
  editor.on('transaction', () => {
    toolbar.update(may);
    placeBubble();
  });
  editor.view.dom.addEventListener('keydown', (event) => {
    const isLink = (event.metaKey || event.ctrlKey) && event.key === 'k';
    if (!isLink || !may.write) return;
    event.preventDefault();
    link.open();
  });

  return {
    element,
    presence: presence.element,
    comments: panel,
    update,
    close: () => {
      clearTimeout(said);
      presence.stop();
      editor.destroy();
    },
  };
}
