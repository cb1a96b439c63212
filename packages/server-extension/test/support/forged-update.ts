import fc from 'fast-check';
import * as Y from 'yjs';
import { type RawItem, rawUpdate } from './raw-update.ts';

/** Numbers that pick ids and content from what a document has: `writeForged` makes an update of them. */
interface Forged {
  sections: { client: number; back: number; structs: ForgedStruct[] }[];
  deletions: { at: number; back: number; length: number; isNew: boolean }[];
}

interface ForgedStruct {
  kind: 'item' | 'gc' | 'skip';
  /** Neighbours as an editor would name them, a parent, or anything. */
  place: 'after' | 'before' | 'beside new' | 'in type' | 'in new' | 'in root' | 'mixed' | 'free';
  a: number;
  b: number;
  root: string;
  key: string | null;
  content: number;
}

const CLIENTS = [1, 2, 3, 30];

const struct: fc.Arbitrary<ForgedStruct> = fc.record({
  kind: fc.constantFrom('item', 'item', 'item', 'item', 'item', 'item', 'item', 'item', 'gc', 'skip'),
  place: fc.constantFrom('after', 'before', 'beside new', 'in type', 'in new', 'in root', 'mixed', 'free'),
  a: fc.nat(400),
  b: fc.nat(400),
  root: fc.constantFrom('comments', 'comments', 'default', 'plain', 'meta', 'list', 'unknown'),
  key: fc.constantFrom(null, null, null, 'title', 'tags', 'a'),
  content: fc.nat(40),
});

export const forgedUpdate: fc.Arbitrary<Forged> = fc.record({
  sections: fc.array(
    fc.record({
      client: fc.constantFrom(...CLIENTS),
      back: fc.constantFrom(0, 0, 0, 0, 0, 1, 2, 3, -1),
      structs: fc.array(struct, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 0, maxLength: 2 },
  ),
  deletions: fc.array(
    fc.record({
      at: fc.nat(400),
      back: fc.nat(2),
      length: fc.constantFrom(1, 1, 1, 2, 3, 9),
      isNew: fc.constantFrom(true, true, false),
    }),
    { maxLength: 3 },
  ),
});

export function writeForged(document: Y.Doc, { sections, deletions }: Forged): Uint8Array {
  const state = (client: number) => Y.getState(document.store, client);
  const items = CLIENTS.flatMap((client) => document.store.clients.get(client) ?? []);
  const ids = items.flatMap(({ id, length }) =>
    Array.from({ length }, (_, offset) => Y.createID(id.client, id.clock + offset)),
  );
  const pick = <T>(list: readonly T[], index: number): T | null => list[index % list.length] ?? null;
  const types = items.filter((item) => item instanceof Y.Item && item.content instanceof Y.ContentType);
  const added: Y.ID[] = [];

  const place = ({ place: how, a, b, root }: ForgedStruct): Omit<RawItem, 'content'> => {
    const id = pick(ids, a);
    const item = pick(items, a);
    if (how === 'in root') return { parent: root };
    if (how === 'in type') return { parent: pick(types, a)?.id ?? root };
    if (how === 'in new') return { parent: pick(added, a) ?? root };
    if (how === 'mixed') return { origin: id, right: pick(ids, b) };
    if (how === 'free')
      return { origin: b % 2 ? id : null, right: b % 3 ? pick(ids, b) : null, parent: pick(ids, b) ?? root };
    if (how === 'beside new') return { origin: pick(added, a), parent: root };
    if (!(item instanceof Y.Item)) return { origin: id };
    if (how === 'before') return { origin: item.left?.lastId ?? null, right: item.id, parent: root };
    return { origin: item.lastId, right: item.right?.id ?? null };
  };

  const written = sections.map(({ client, back, structs }) => {
    const start = Math.max(0, state(client) - back);
    let clock = start;
    const raw = structs.map((each) => {
      const content = toContent(each.content);
      const item = { parent: each.root, ...place(each), key: each.key, content };
      added.push(Y.createID(client, clock));
      clock += each.kind === 'item' ? content.getLength() : 1;
      if (each.kind === 'item') return item;
      return each.kind === 'gc' ? { gc: 1 } : { skip: 1 };
    });
    return { client, clock: start, structs: raw };
  });
  const deleted = deletions.map(({ at, back, length, isNew }) => {
    const id = pick(isNew && added.length > 0 ? added : ids, at) ?? Y.createID(1, 0);
    return [id.client, Math.max(0, id.clock - (isNew ? 0 : back)), length] as const;
  });
  return rawUpdate(written, deleted);
}

const CONTENTS = [
  () => new Y.ContentFormat('comment', { id: 1 }),
  () => new Y.ContentString('x'),
  () => new Y.ContentFormat('bold', {}),
  () => new Y.ContentDeleted(2),
  () => new Y.ContentType(new Y.XmlElement('paragraph')),
  () => new Y.ContentString('y😀z'),
  () => new Y.ContentFormat('comment--abcdefgh', {}),
  () => new Y.ContentType(new Y.XmlText()),
  () => new Y.ContentType(new Y.Map()),
  () => new Y.ContentFormat('comment-er', {}),
  () => new Y.ContentAny([1, 2]),
  () => new Y.ContentEmbed({ image: 1 }),
];

function toContent(kind: number): Y.Item['content'] {
  if (kind === 38) return new Y.ContentDoc(new Y.Doc({ guid: 'sub' }));
  if (kind === 39) return new Y.ContentString('');
  return CONTENTS[kind % CONTENTS.length]?.() ?? new Y.ContentString('x');
}
