import { type Doc, Array as YArray, Map as YMap } from 'yjs';
import type { Person } from './people.ts';

/** Where a thread belongs: two Yjs relative positions in the body, as JSON. They move with the text. */
export interface Anchor {
  from: unknown;
  to: unknown;
}

export interface Comment {
  id: string;
  author: string;
  name: string;
  text: string;
  at: number;
  edited: boolean;
}

export interface Thread {
  id: string;
  anchor: Anchor;
  /** The commented text, as it was. */
  quote: string;
  resolved: boolean;
  comments: Comment[];
}

/**
 * Comment threads in the root map `comments` of the document, beside the body: a connection at level `comment` may
 * change this type, and nothing else.
 */
export interface Comments {
  threads(): Thread[];
  onChange(listener: () => void): () => void;
  start(anchor: Anchor, quote: string, text: string, author: Person): string;
  reply(threadId: string, text: string, author: Person): void;
  edit(threadId: string, commentId: string, text: string): void;
  /** Deletes a comment, and its thread with the last one. */
  remove(threadId: string, commentId: string): void;
  setResolved(threadId: string, resolved: boolean): void;
  removeThread(threadId: string): void;
}

export function createComments(document: Doc): Comments {
  const root = document.getMap<unknown>('comments');

  const listOf = (threadId: string): YArray<unknown> | undefined => {
    const thread = root.get(threadId);
    const list = thread instanceof YMap ? thread.get('comments') : undefined;
    return list instanceof YArray ? list : undefined;
  };
  const indexOf = (list: YArray<unknown>, commentId: string): number =>
    list.toArray().findIndex((comment) => comment instanceof YMap && comment.get('id') === commentId);

  return {
    threads: () => [...root.entries()].flatMap(([id, thread]) => readThread(id, thread)).sort(byAge),
    onChange: (listener) => {
      root.observeDeep(listener);
      return () => root.unobserveDeep(listener);
    },
    start: (anchor, quote, text, author) => {
      const id = crypto.randomUUID();
      const comments = YArray.from([toComment(text, author)]);
      root.set(id, new YMap<unknown>(Object.entries({ anchor, quote, resolved: false, comments })));
      return id;
    },
    reply: (threadId, text, author) => listOf(threadId)?.push([toComment(text, author)]),
    edit: (threadId, commentId, text) => {
      const list = listOf(threadId);
      const comment = list?.get(indexOf(list, commentId));
      if (!(comment instanceof YMap)) return;
      document.transact(() => {
        comment.set('text', text);
        comment.set('edited', true);
      });
    },
    remove: (threadId, commentId) => {
      const list = listOf(threadId);
      const index = list ? indexOf(list, commentId) : -1;
      if (!list || index < 0) return;
      if (list.length === 1) root.delete(threadId);
      else list.delete(index);
    },
    setResolved: (threadId, resolved) => {
      const thread = root.get(threadId);
      if (thread instanceof YMap) thread.set('resolved', resolved);
    },
    removeThread: (threadId) => root.delete(threadId),
  };
}

function toComment(text: string, { id: author, name }: Person): YMap<unknown> {
  return new YMap<unknown>(
    Object.entries({ id: crypto.randomUUID(), author, name, text, at: Date.now(), edited: false }),
  );
}

/** Other clients may have written anything: what is no thread is left out. */
function readThread(id: string, value: unknown): Thread[] {
  if (!(value instanceof YMap)) return [];
  const { anchor, quote, resolved, comments } = value.toJSON();
  if (typeof anchor !== 'object' || anchor === null || !Array.isArray(comments)) return [];
  const { from, to }: Partial<Anchor> = anchor;
  const list = comments.flatMap(readComment);
  return list.length === 0
    ? []
    : [{ id, anchor: { from, to }, quote: String(quote ?? ''), resolved: resolved === true, comments: list }];
}

function readComment(value: unknown): Comment[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, author, name, text, at, edited }: Partial<Record<keyof Comment, unknown>> = value;
  if (typeof id !== 'string' || typeof text !== 'string') return [];
  const time = typeof at === 'number' ? at : 0;
  return [{ id, author: String(author), name: String(name), text, at: time, edited: edited === true }];
}

function byAge(a: Thread, b: Thread): number {
  return (a.comments[0]?.at ?? 0) - (b.comments[0]?.at ?? 0);
}
