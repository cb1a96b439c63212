import { selectBlocksByKey } from './block-selection.ts';
import { type CommentPanel, createCommentPanel } from './comment-panel.ts';
import { createComments } from './comments.ts';
import { h, setText } from './dom.ts';
import { createEditor } from './editor.ts';
import { icon } from './icons.ts';
import { createLinkForm } from './link-form.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import type { Person } from './people.ts';
import { createPresence } from './presence.ts';
import { createToolbar, describeKeys } from './toolbar.ts';
import { count } from './words.ts';

/** The middle of a pane: toolbar, text, word count; or the refusal. */
export interface DocumentView {
  element: HTMLElement;
  presence: HTMLElement;
  comments: CommentPanel;
  update(state: DocumentState, refusal: () => HTMLElement): void;
  close(): void;
}

const COUNT_DELAY_MS = 250;

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
  const bubble = h(
    'button',
    {
      type: 'button',
      // The toolbar and the shortcut do the same for the keyboard.
      tabindex: -1,
      class: 'comment-bubble',
      'aria-label': 'Comment on the selection',
      title: 'Comment on the selection',
      hidden: true,
      onmousedown: (event) => event.preventDefault(),
      onclick: startComment,
    },
    icon('comment'),
  );
  const skeleton = h('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...'abcde'.split('').map(() => h('span')));
  const notice = h('p', { class: 'notice', 'data-testid': 'notice', role: 'status' });
  const words = h('span', { class: 'words', 'data-testid': 'words' });
  const hint = h('span', { class: 'hint' });
  const foot = h('footer', { class: 'document-foot' }, words, hint);
  const scroller = h('div', { class: 'scroller' }, skeleton, sheet, bubble);
  const element = h('main', { class: 'document' }, toolbar.element, link.element, notice, scroller, foot);

  let may = { write: false, comment: false };
  let refused: HTMLElement | undefined;
  let refusedFor = '';
  let said: ReturnType<typeof setTimeout> | undefined;
  let counting: ReturnType<typeof setTimeout> | undefined;
  let state = open.state();

  function say(text: string): void {
    setText(notice, text);
    clearTimeout(said);
    said = setTimeout(() => {
      said = undefined;
      setText(notice, noticeFor(state));
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
    if (said === undefined) setText(notice, noticeFor(next));
    setText(hint, hintFor(may));
    showRefusal(isIn ? undefined : (next.reason ?? ''), refusal);
    placeBubble();
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

  function placeBubble(): void {
    const { empty, head, from, to } = editor.state.selection;
    const isWanted =
      may.comment &&
      (editor.isFocused || !editor.isEditable) &&
      !empty &&
      !sheet.hidden &&
      editor.state.doc.textBetween(from, to, ' ').trim() !== '';
    bubble.hidden = !isWanted;
    if (!isWanted) return;
    const { top } = editor.view.coordsAtPos(head);
    bubble.style.top = `${top - scroller.getBoundingClientRect().top + scroller.scrollTop - 6}px`;
  }

  function countWords(): void {
    counting ??= setTimeout(() => {
      counting = undefined;
      const { doc } = editor.state;
      const found = doc.textBetween(0, doc.content.size, ' ', ' ').match(/[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu);
      setText(words, count(found?.length ?? 0, 'word'));
    }, COUNT_DELAY_MS);
  }

  editor.on('focus', placeBubble);
  editor.on('blur', placeBubble);
  editor.on('transaction', ({ transaction }) => {
    if (transaction.docChanged) countWords();
    toolbar.update(may);
    placeBubble();
  });
  editor.view.dom.addEventListener('keydown', (event) => {
    const isLink = (event.metaKey || event.ctrlKey) && event.key === 'k';
    if (!isLink || !may.write) return;
    event.preventDefault();
    link.open();
  });
  countWords();

  return {
    element,
    presence: presence.element,
    comments: panel,
    update,
    close: () => {
      clearTimeout(said);
      clearTimeout(counting);
      presence.stop();
      editor.destroy();
    },
  };
}

/** Why one cannot type, or what was not accepted; nothing where there is nothing to say. */
function noticeFor({ status, level, rejectedChanges }: DocumentState): string {
  if (status === 'refused' || level === undefined) return '';
  if (rejectedChanges > 0 && level !== 'write') {
    return `${count(rejectedChanges, 'change')} came too late to be accepted. Kept here until you may write again.`;
  }
  if (level === 'read') return 'You are reading. Your pass does not let you change this document.';
  if (level === 'comment') return 'You may comment: select some text first.';
  return '';
}

function hintFor(may: { write: boolean; comment: boolean }): string {
  const keys = describeKeys('Mod-Alt-M');
  if (may.write) return `Comment: ${keys}`;
  return may.comment ? `Select: ${describeKeys('Alt-↓')}  Comment: ${keys}` : '';
}
