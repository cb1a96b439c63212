import { createCommentForm } from './comment-form.ts';
import type { Comment, Comments, Thread } from './comments.ts';
import { h } from './dom.ts';
import { icon } from './icons.ts';
import { avatar, type Person } from './people.ts';

/** One thread in the panel. Keeps what somebody is writing while others change the thread. */
export interface ThreadView {
  element: HTMLElement;
  update(thread: Thread, mayComment: boolean): void;
  setActive(active: boolean): void;
}

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export function createThreadView(threadId: string, comments: Comments, me: Person, onShow: () => void): ThreadView {
  let thread: Thread | undefined;
  let mayComment = false;
  let editing: string | undefined;
  let drawn = '';

  const quote = h('span', {});
  const resolve = h(
    'button',
    { type: 'button', class: 'icon-button', 'data-testid': 'thread-resolve', onclick: () => toggle() },
    icon('check'),
  );
  const remove = h(
    'button',
    {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Delete this thread',
      title: 'Delete this thread',
      'data-testid': 'thread-delete',
      onclick: () => comments.removeThread(threadId),
    },
    icon('trash'),
  );
  const list = h('ol', { class: 'comment-list' });
  const reply = createCommentForm({
    label: 'Reply',
    send: 'Reply',
    testId: 'reply',
    onSend: (text) => comments.reply(threadId, text, me),
  });
  const element = h(
    'li',
    { class: 'thread', 'data-testid': 'thread', 'data-thread': threadId },
    h(
      'div',
      { class: 'thread-head' },
      h('button', { type: 'button', class: 'thread-quote', title: 'Show in the text', onclick: onShow }, quote),
      resolve,
      remove,
    ),
    list,
    reply.element,
  );

  const toggle = (): void => comments.setResolved(threadId, !thread?.resolved);
  const stopEditing = (): void => {
    editing = undefined;
    draw();
  };

  function draw(): void {
    if (!thread) return;
    const { resolved, comments: written } = thread;
    const next = JSON.stringify([thread, mayComment, editing]);
    if (next === drawn) return;
    drawn = next;
    quote.textContent = thread.quote;
    element.dataset.resolved = String(resolved);
    resolve.hidden = !mayComment;
    resolve.setAttribute('aria-pressed', String(resolved));
    resolve.title = resolved ? 'Open again' : 'Mark as resolved';
    resolve.setAttribute('aria-label', resolve.title);
    remove.hidden = !mayComment || written[0]?.author !== me.id;
    reply.element.hidden = !mayComment || resolved;
    list.replaceChildren(...written.map((comment) => (comment.id === editing ? toEditor(comment) : toItem(comment))));
  }

  function toItem({ id, author, name, text, at, edited }: Comment): HTMLElement {
    const isMine = mayComment && author === me.id;
    return h(
      'li',
      { class: 'comment', 'data-testid': 'comment', 'data-author': author },
      avatar({ id: author, name }),
      h(
        'div',
        { class: 'comment-body' },
        h(
          'div',
          { class: 'comment-head' },
          h('strong', {}, name),
          h('time', { datetime: new Date(at).toISOString() }, formatTime(at), edited && ', edited'),
        ),
        h('p', { class: 'comment-text' }, text),
        isMine &&
          h(
            'div',
            { class: 'comment-actions' },
            textButton('Edit', 'comment-edit', () => startEditing(id)),
            textButton('Delete', 'comment-delete', () => comments.remove(threadId, id)),
          ),
      ),
    );
  }

  function toEditor({ id, text }: Comment): HTMLElement {
    const form = createCommentForm({
      label: 'Edit your comment',
      send: 'Save',
      testId: 'comment-edit',
      text,
      onSend: (changed) => {
        editing = undefined;
        comments.edit(threadId, id, changed);
        draw();
      },
      onCancel: stopEditing,
    });
    queueMicrotask(() => form.field.focus());
    return h('li', { class: 'comment' }, form.element);
  }

  function startEditing(id: string): void {
    editing = id;
    draw();
  }

  return {
    element,
    update: (next, may) => {
      thread = next;
      mayComment = may;
      // What is being edited stays as it is until it is saved.
      if (editing === undefined) draw();
    },
    setActive: (active) => element.classList.toggle('is-active', active),
  };
}

function textButton(label: string, testId: string, onclick: () => void): HTMLElement {
  return h('button', { type: 'button', class: 'text-button', 'data-testid': testId, onclick }, label);
}

function formatTime(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return (isToday ? TIME : DATE).format(at);
}
