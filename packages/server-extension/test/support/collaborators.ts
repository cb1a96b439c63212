import { Schema } from '@tiptap/pm/model';
import { Transform } from '@tiptap/pm/transform';
import { initProseMirrorDoc, updateYFragment } from '@tiptap/y-tiptap';
import * as Y from 'yjs';

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { group: 'block', content: 'text*', attrs: { textAlign: { default: null } } },
    heading: { group: 'block', content: 'text*', attrs: { level: { default: 1 } } },
    text: {},
  },
  marks: { bold: {}, comment: { attrs: { thread: {} }, excludes: '' }, highlight: { attrs: { color: {} } } },
});

/** One edit, made of small numbers so that failing scripts shrink well. */
export type Edit = readonly [kind: keyof typeof EDITS, a: number, b: number];

/** A document with every shape that editors and apps write. */
export function createDocument(clientID: number, gc = true): Y.Doc {
  const document = new Y.Doc({ gc });
  document.clientID = clientID;
  return document;
}

export function fillDocument(document: Y.Doc): void {
  updateBody(document, (transform) => {
    transform.replaceWith(0, transform.doc.content.size, [
      schema.node('heading', { level: 2 }, [schema.text('Plan 😀')]),
      schema.node('paragraph', null, [schema.text('one '), schema.text('two', [schema.mark('bold')])]),
    ]);
  });
  document.getText('plain').insert(0, 'a😀b plain', {});
  document.getText('plain').format(5, 5, { bold: true });
  document.getMap('meta').set('title', 'T');
  document.getMap('meta').set('tags', Y.Array.from(['x', 'y']));
  document.getArray('list').push([1, 'two', { three: 3 }]);
  addThread(document, 'first');
}

function addThread(document: Y.Doc, text: string): void {
  const thread = new Y.Map<unknown>();
  thread.set('body', new Y.Text(text));
  thread.set('replies', new Y.Array());
  document.getMap('comments').set(`t${document.getMap('comments').size}`, thread);
}

function threadAt(document: Y.Doc, index: number): Y.Map<unknown> | undefined {
  const threads = [...document.getMap('comments').values()].filter((thread) => thread instanceof Y.Map);
  return threads[index % Math.max(1, threads.length)];
}

function updateBody(document: Y.Doc, change: (transform: Transform) => void): void {
  const fragment = document.getXmlFragment('default');
  const { doc, meta } = initProseMirrorDoc(fragment, schema);
  const transform = new Transform(doc);
  try {
    change(transform);
  } catch {
    return;
  }
  updateYFragment(document, fragment, transform.doc, meta);
}

function inBody(change: (transform: Transform, from: number, to: number, length: number) => void) {
  return (document: Y.Doc, a: number, b: number) =>
    updateBody(document, (transform) => {
      const size = Math.max(1, transform.doc.content.size);
      const [from = 0, to = 0] = [a % size, b % size].map((at) => beforeCharacter(transform, at)).toSorted(byNumber);
      change(transform, from, to, b);
    });
}

/** Editors have no positions inside a character of two code units. */
function beforeCharacter({ doc }: Transform, position: number): number {
  const unit = position === 0 ? 0 : doc.textBetween(position - 1, position).charCodeAt(0);
  return unit >= 0xd800 && unit <= 0xdbff ? position - 1 : position;
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function textAt(document: Y.Doc, index: number): Y.XmlText | undefined {
  const texts = document
    .getXmlFragment('default')
    .toArray()
    .flatMap((block) => (block instanceof Y.XmlElement ? block.toArray() : []))
    .filter((child) => child instanceof Y.XmlText);
  return texts[index % Math.max(1, texts.length)];
}

/** Edits of threads, of marks, and of everything else. */
export const EDITS = {
  addThread: (document: Y.Doc, a: number) => addThread(document, 'c'.repeat(1 + (a % 3))),
  reply: (document: Y.Doc, a: number, b: number) => {
    const replies = threadAt(document, a)?.get('replies');
    if (replies instanceof Y.Array) replies.insert(b % (replies.length + 1), [new Y.Map([['text', b]])]);
  },
  editThread: (document: Y.Doc, a: number, b: number) => {
    const body = threadAt(document, a)?.get('body');
    if (!(body instanceof Y.Text)) return;
    if (b % 3 === 0) body.insert(b % (body.length + 1), '😀x');
    else if (b % 3 === 1) body.delete(0, Math.min(b % 4, body.length));
    else body.format(0, body.length, { bold: true });
  },
  resolve: (document: Y.Doc, a: number, b: number) => threadAt(document, a)?.set('resolved', b),
  deleteThread: (document: Y.Doc, a: number) =>
    document.getMap('comments').delete([...document.getMap('comments').keys()][a % 3] ?? 't0'),
  mark: inBody((transform, from, to, b) => transform.addMark(from, to, schema.mark('comment', { thread: b % 2 }))),
  unmark: inBody((transform, from, to) => transform.removeMark(from, to, schema.marks.comment)),
  markPlain: (document: Y.Doc, a: number, b: number) => {
    const text = document.getText('plain');
    const [from = 0, to = 0] = [a, a + 1 + (b % 4)].map((at) => Math.min(at, text.length));
    const isHalf = [from, to].some((at) => /[\ud800-\udbff]/.test(text.toString()[at - 1] ?? ''));
    if (from < to && !isHalf) text.format(from, to - from, { comment: b % 2 === 0 ? { id: b } : null });
  },
  type: inBody((transform, from, _to, b) => transform.insert(from, schema.text('xyz'.slice(b % 3)))),
  erase: inBody((transform, from, to) => transform.delete(from, to)),
  bold: inBody((transform, from, to) => transform.addMark(from, to, schema.mark('bold'))),
  highlight: inBody((transform, from, to, b) =>
    transform.addMark(from, to, schema.mark('highlight', { color: b % 2 ? 'red' : 'blue' })),
  ),
  unbold: inBody((transform, from, to) => transform.removeMark(from, to, schema.marks.bold)),
  block: inBody((transform, from) =>
    transform.insert(transform.doc.resolve(from).after(1), schema.node('paragraph', null, [schema.text('new')])),
  ),
  split: inBody((transform, from) => transform.split(from)),
  align: inBody((transform, from, _to, b) =>
    transform.setNodeAttribute(transform.doc.resolve(from).before(1), 'textAlign', ['left', 'right', null][b % 3]),
  ),
  attribute: (document: Y.Doc, a: number, b: number) => {
    const block = document.getXmlFragment('default').get(a % Math.max(1, document.getXmlFragment('default').length));
    if (!(block instanceof Y.XmlElement)) return;
    if (b % 2) block.setAttribute('color', String(b));
    else block.removeAttribute('color');
  },
  xmlText: (document: Y.Doc, a: number, b: number) => {
    const text = textAt(document, a);
    if (b % 2) text?.insert(b % (text.length + 1), 'é😀');
    else text?.delete(0, Math.min(2, text.length));
  },
  plain: (document: Y.Doc, a: number, b: number) => {
    const text = document.getText('plain');
    if (b % 5 === 0) text.insertEmbed(a % (text.length + 1), b % 2 ? { image: a } : new Y.Map([['a', 1]]));
    else if (b % 2) text.insert(a % (text.length + 1), 'pq');
    else text.delete(0, Math.min(b % 4, text.length));
  },
  boldPlain: (document: Y.Doc, a: number, b: number) => {
    const text = document.getText('plain');
    if (text.length > 0) text.format(a % text.length, 1 + (b % 3), { bold: b % 2 ? true : null });
  },
  meta: (document: Y.Doc, a: number, b: number) => {
    const meta = document.getMap('meta');
    const key = ['title', 'tags', 'new'][a % 3] ?? '';
    if (b % 3 === 0) meta.delete(key);
    else meta.set(key, b % 3 === 1 ? b : new Y.Map([['deep', new Y.Text('d')]]));
  },
  list: (document: Y.Doc, a: number, b: number) => {
    const list = document.getArray('list');
    if (b % 3 === 0 && list.length > 0) list.delete(a % list.length, 1);
    else list.insert(a % (list.length + 1), b % 3 === 1 ? [a, b] : [new Y.Map([['m', a]])]);
  },
} satisfies Record<string, (document: Y.Doc, a: number, b: number) => unknown>;

export function edit(document: Y.Doc, edits: readonly Edit[]): void {
  document.transact(() => {
    for (const [kind, a, b] of edits) EDITS[kind](document, a, b);
  });
}

/** What a comment is, and what it is not. */
export const COMMENTS: readonly (keyof typeof EDITS)[] = [
  'addThread',
  'reply',
  'editThread',
  'resolve',
  'deleteThread',
  'mark',
  'unmark',
  'markPlain',
];
export const OTHERS: readonly (keyof typeof EDITS)[] = [
  'type',
  'erase',
  'bold',
  'highlight',
  'unbold',
  'block',
  'split',
  'align',
  'attribute',
  'xmlText',
  'plain',
  'boldPlain',
  'meta',
  'list',
];
