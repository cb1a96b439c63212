import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { createCommentFilter } from '../../src/hocuspocus/comment-filter.ts';
import { applied, copyOf } from '../support/applied-update.ts';
import { createDocument, type Edit, edit, fillDocument } from '../support/collaborators.ts';
import { cpuMs } from '../support/cpu-ms.ts';
import { type RawItem, rawUpdate } from '../support/raw-update.ts';

const OUTSIDE = { types: ['comments'], marks: ['comment'], texts: ['plain'] };
const isComment = createCommentFilter({ types: ['comments'], marks: ['comment'] });

/** What a server has, and a commenter who has the same. */
function setUp() {
  const server = createDocument(9);
  const filled = createDocument(1);
  fillDocument(filled);
  Y.applyUpdate(server, Y.encodeStateAsUpdate(filled));
  const commenter = createDocument(30);
  Y.applyUpdate(commenter, Y.encodeStateAsUpdate(server));
  const send = () => {
    const update = Y.encodeStateAsUpdate(commenter, Y.encodeStateVector(server));
    const accepted = isComment(server, update);
    expect(applied(server, update, OUTSIDE).change === undefined).toBe(accepted);
    if (accepted) Y.applyUpdate(server, update);
    return accepted;
  };
  return { server, commenter, send };
}

/** The id of the first item that holds this in a document. */
function idOf(document: Y.Doc, isIt: (item: Y.Item) => boolean): Y.ID {
  for (const structs of document.store.clients.values()) {
    for (const struct of structs) if (struct instanceof Y.Item && !struct.deleted && isIt(struct)) return struct.id;
  }
  throw new Error('not found');
}

const holdsString = (text: string) => (item: Y.Item) =>
  item.content instanceof Y.ContentString && item.content.str.includes(text);
const holdsElement = (name: string) => (item: Y.Item) =>
  item.content instanceof Y.ContentType &&
  item.content.type instanceof Y.XmlElement &&
  item.content.type.nodeName === name;
const shift = ({ client, clock }: Y.ID, offset: number) => Y.createID(client, clock + offset);
const string = (text: string) => new Y.ContentString(text);
const add = (...structs: Parameters<typeof rawUpdate>[0][number]['structs']) =>
  rawUpdate([{ client: 30, clock: 0, structs }]);

describe('edits', () => {
  const cases: readonly [sentence: string, edits: readonly Edit[], accepted: boolean][] = [
    ['a thread is added', [['addThread', 1, 0]], true],
    [
      'a thread is answered, changed and resolved',
      [
        ['reply', 0, 1],
        ['editThread', 0, 0],
        ['resolve', 0, 1],
      ],
      true,
    ],
    ['a thread is deleted', [['deleteThread', 0, 0]], true],
    ['text is marked', [['mark', 2, 9]], true],
    [
      'text is marked twice, as overlapping marks',
      [
        ['mark', 2, 9],
        ['mark', 3, 8],
      ],
      true,
    ],
    [
      'a mark is removed',
      [
        ['mark', 2, 9],
        ['unmark', 3, 5],
      ],
      true,
    ],
    ['a root text is marked', [['markPlain', 6, 4]], true],
    ['text is typed', [['type', 3, 1]], false],
    ['text is deleted', [['erase', 2, 5]], false],
    ['text is made bold', [['bold', 2, 5]], false],
    ['a block is added', [['block', 2, 0]], false],
    ['a block is split', [['split', 4, 9]], false],
    ['an attribute is set', [['attribute', 0, 1]], false],
    ['a map elsewhere is changed', [['meta', 2, 1]], false],
    ['an array elsewhere is changed', [['list', 0, 1]], false],
    [
      'a thread is added and text typed',
      [
        ['addThread', 1, 0],
        ['type', 3, 1],
      ],
      false,
    ],
    [
      'a thread is added and text deleted',
      [
        ['addThread', 1, 0],
        ['erase', 2, 5],
      ],
      false,
    ],
  ];
  test.each(cases)('%s', (_, edits, accepted) => {
    const { commenter, send } = setUp();
    edit(commenter, edits);
    expect(send()).toBe(accepted);
  });

  test('the same update a second time changes nothing', () => {
    const { server, commenter } = setUp();
    edit(commenter, [
      ['addThread', 1, 0],
      ['deleteThread', 0, 0],
    ]);
    const update = Y.encodeStateAsUpdate(commenter);
    Y.applyUpdate(server, update);
    expect(isComment(server, update)).toBe(true);
  });

  test('another root type, or another mark, is outside', () => {
    const { server, commenter } = setUp();
    edit(commenter, [['addThread', 1, 0]]);
    const thread = Y.encodeStateAsUpdate(commenter, Y.encodeStateVector(server));
    expect(createCommentFilter({ types: ['other'], marks: ['comment'] })(server, thread)).toBe(false);
    const { server: same, commenter: marker } = setUp();
    edit(marker, [['mark', 2, 9]]);
    const mark = Y.encodeStateAsUpdate(marker, Y.encodeStateVector(same));
    expect(createCommentFilter({ types: ['comments'] })(same, mark)).toBe(false);
    expect(createCommentFilter({ marks: ['comment'] })(same, mark)).toBe(true);
  });

  test('without types and marks only what changes nothing is accepted', () => {
    const { server, commenter } = setUp();
    const nothing = createCommentFilter({});
    expect(nothing(server, Y.encodeStateAsUpdate(server))).toBe(true);
    edit(commenter, [['addThread', 1, 0]]);
    expect(nothing(server, Y.encodeStateAsUpdate(commenter))).toBe(false);
  });
});

describe('a refused edit and later comments', () => {
  function typeAndUndo(edits: readonly Edit[]) {
    const session = setUp();
    const { commenter } = session;
    const undos = new Y.UndoManager([commenter.getXmlFragment('default'), commenter.getText('plain')]);
    edit(commenter, edits);
    expect(session.send()).toBe(false);
    return { ...session, undos };
  }

  test('a comment after it is refused, not left pending', () => {
    const { server, commenter } = typeAndUndo([['type', 3, 1]]);
    const updates: Uint8Array[] = [];
    commenter.on('update', (update: Uint8Array) => updates.push(update));
    edit(commenter, [['addThread', 1, 0]]);
    expect(updates.map((update) => isComment(server, update))).toEqual([false]);
  });

  test('undone and synced again, the comment arrives', () => {
    const { server, commenter, send, undos } = typeAndUndo([
      ['type', 3, 1],
      ['block', 2, 0],
      ['plain', 1, 1],
    ]);
    edit(commenter, [['addThread', 1, 0]]);
    expect(send()).toBe(false);
    undos.undo();
    expect(send()).toBe(true);
    expect(server.getMap('comments').size).toBe(2);
    edit(commenter, [['reply', 1, 0]]);
    expect(send()).toBe(true);
  });

  test('the same after the client collected its garbage', () => {
    const { commenter, send, undos } = typeAndUndo([
      ['block', 2, 0],
      ['align', 2, 0],
    ]);
    undos.undo();
    undos.clear();
    const reloaded = createDocument(31);
    Y.applyUpdate(reloaded, Y.encodeStateAsUpdate(commenter));
    edit(commenter, [['addThread', 1, 0]]);
    expect(send()).toBe(true);
  });

  test('deleted text that undo writes again is a change', () => {
    const { send, undos } = typeAndUndo([['erase', 2, 5]]);
    undos.undo();
    expect(send()).toBe(false);
  });
});

describe('what others do at the same time', () => {
  test('an answer in a thread that is gone changes nothing', () => {
    const { server, commenter, send } = setUp();
    edit(server, [['deleteThread', 0, 0]]);
    edit(commenter, [
      ['reply', 0, 1],
      ['editThread', 0, 0],
    ]);
    expect(send()).toBe(true);
    edit(commenter, [['addThread', 1, 0]]);
    expect(send()).toBe(true);
  });

  test('a mark in a block that is gone changes nothing', () => {
    const { server, commenter, send } = setUp();
    edit(commenter, [['mark', 2, 9]]);
    server.getXmlFragment('default').delete(0, 2);
    expect(send()).toBe(true);
  });

  test('text in a block that is gone, and still kept by the server, changes nothing', () => {
    const { server } = setUp();
    const keeping = copyOf(server, false);
    const heading = idOf(keeping, holdsElement('heading'));
    const text = { parent: heading, content: string('x') };
    expect(isComment(keeping, add(text))).toBe(false);
    keeping.getXmlFragment('default').delete(0, 1);
    expect(applied(keeping, add(text), OUTSIDE).change).toBeUndefined();
    expect(isComment(keeping, add(text))).toBe(true);
  });

  test('text that the same update deletes, in one range or in two', () => {
    const { server } = setUp();
    const structs = [{ right: idOf(server, holdsString('one')), content: string('abc') }];
    const section = { client: 30, clock: 0, structs };
    expect(isComment(server, rawUpdate([section], [[30, 0, 3]]))).toBe(true);
    expect(
      isComment(
        server,
        rawUpdate(
          [section],
          [
            [30, 1, 2],
            [30, 0, 1],
          ],
        ),
      ),
    ).toBe(true);
    expect(isComment(server, rawUpdate([section], [[30, 1, 2]]))).toBe(false);
  });

  test('format items of other marks may go when nothing looks different', () => {
    const { server, commenter, send } = setUp();
    const text = commenter.getText('plain');
    const bold = idOf(server, (item) => item.content instanceof Y.ContentFormat && item.content.key === 'bold');
    expect(isComment(server, rawUpdate([], [[bold.client, bold.clock, 1]]))).toBe(false);
    text.format(2, 4, { bold: null });
    expect(send()).toBe(false);
    const start = idOf(
      server,
      (item) => item.content instanceof Y.ContentFormat && item.parent === server.share.get('plain'),
    );
    const twice = { origin: shift(start, -1), right: start, content: new Y.ContentFormat('bold', { x: 1 }) };
    Y.applyUpdate(server, rawUpdate([{ client: 2, clock: 0, structs: [twice] }]));
    const redundant = rawUpdate([], [[2, 0, 1]]);
    expect(applied(server, redundant, OUTSIDE).change).toBeUndefined();
    expect(isComment(server, redundant)).toBe(true);
    expect(isComment(server, rawUpdate([], [[start.client, start.clock, 1]]))).toBe(false);
  });
});

describe('forged updates', () => {
  /** Refused, and rightly: applied, it does this. */
  function refuses(server: Y.Doc, update: Uint8Array, change?: ReturnType<typeof applied>['change']) {
    expect(isComment(server, update)).toBe(false);
    if (change !== undefined) expect(applied(server, update, OUTSIDE).change).toBe(change);
  }

  test('the left neighbour in a comment, the right one in the body, and the other way round', () => {
    const { server } = setUp();
    const [body, thread] = [idOf(server, holdsString('one')), idOf(server, holdsString('first'))];
    refuses(server, add({ origin: thread, right: body, content: string('x') }));
    refuses(server, add({ origin: body, right: thread, content: string('x') }), 'outside');
  });

  test('a parent inside the update', () => {
    const { server } = setUp();
    const child = { parent: Y.createID(30, 0), content: string('x') };
    const text = new Y.ContentType(new Y.XmlText());
    expect(isComment(server, add({ parent: 'comments', key: 'new', content: text }, child))).toBe(true);
    refuses(server, add({ parent: 'default', content: text }, child), 'outside');
    refuses(server, add({ parent: idOf(server, holdsElement('heading')), content: text }, child), 'outside');
  });

  test('body text under the id of another person', () => {
    const { server } = setUp();
    const body = idOf(server, holdsString('one'));
    const clock = Y.getState(server.store, 1);
    refuses(server, rawUpdate([{ client: 1, clock, structs: [{ origin: body, content: string('x') }] }]), 'outside');
  });

  test('an entry that is deleted and yet the last of its key', () => {
    const { server } = setUp();
    const title = idOf(server, ({ parentSub }) => parentSub === 'title');
    refuses(
      server,
      rawUpdate([{ client: 30, clock: 0, structs: [{ origin: title, content: string('x') }] }], [[30, 0, 1]]),
      'outside',
    );
    refuses(server, add({ origin: title, content: new Y.ContentDeleted(1) }), 'outside');
    const level = idOf(server, ({ parentSub }) => parentSub === 'level');
    refuses(server, add({ origin: level, content: new Y.ContentDeleted(1) }), 'outside');
  });

  test('a deleted entry of a new key, which would outrank what an offline client writes there', () => {
    const { server } = setUp();
    const offline = copyOf(server);
    offline.clientID = 5;
    offline.getMap('meta').set('new', 1);
    const update = add({ parent: 'meta', key: 'new', content: new Y.ContentDeleted(1) });
    expect(applied(server, update, OUTSIDE, offline).change).toBe('outside of an offline client');
    refuses(server, update);
  });

  test('the rest of a known body item, said to be a comment', () => {
    const { server } = setUp();
    const body = idOf(server, holdsString('plain'));
    const state = Y.getState(server.store, 2);
    Y.applyUpdate(
      server,
      rawUpdate([{ client: 2, clock: state, structs: [{ origin: body, content: string('abc') }] }]),
    );
    const longer = { origin: idOf(server, holdsString('first')), content: string('abcdef') };
    refuses(server, rawUpdate([{ client: 2, clock: state, structs: [longer] }]));
    const honest = { parent: 'comments', content: string('abc') };
    expect(isComment(server, rawUpdate([{ client: 2, clock: state, structs: [honest] }]))).toBe(true);
  });

  test('the rest of a known comment, said to be elsewhere in the comments', () => {
    const { server } = setUp();
    const known = { parent: 'comments', key: 'known', content: string('abc') };
    Y.applyUpdate(server, rawUpdate([{ client: 2, clock: 0, structs: [known] }]));
    const longer = { origin: idOf(server, holdsString('first')), content: string('abcdef') };
    refuses(server, rawUpdate([{ client: 2, clock: 0, structs: [longer] }]));
  });

  test('the rest of a known body item, deleted', () => {
    const { server } = setUp();
    const end = idOf(server, holdsString('one'));
    Y.applyUpdate(server, rawUpdate([{ client: 2, clock: 0, structs: [{ right: end, content: string('abc') }] }]));
    const longer = rawUpdate(
      [{ client: 2, clock: 0, structs: [{ right: end, content: string('abcdef') }] }],
      [[2, 3, 3]],
    );
    expect(applied(server, longer, OUTSIDE).change).toBeUndefined();
    expect(isComment(server, longer)).toBe(true);
  });

  test('characters of the body cut in halves', () => {
    const { server } = setUp();
    const smiley = shift(idOf(server, holdsString('a😀b')), 1);
    const half = shift(smiley, 1);
    const tombstone = { content: new Y.ContentDeleted(1) };
    refuses(server, add({ ...tombstone, origin: smiley }), 'outside');
    refuses(server, add({ ...tombstone, right: half }), 'outside');
    expect(isComment(server, add({ ...tombstone, right: smiley }))).toBe(true);
    // Also by an item that the server has, and by a deletion of nothing.
    refuses(server, rawUpdate([{ client: 1, clock: 0, structs: [{ ...tombstone, origin: smiley }] }]), 'outside');
    refuses(server, rawUpdate([], [[half.client, half.clock, 0]]), 'outside');
  });

  test('two sections for one client, of which Yjs drops the first', () => {
    const { server } = setUp();
    const thread = { parent: 'comments', key: 'new', content: new Y.ContentType(new Y.Map()) };
    const child = { parent: Y.createID(30, 0), key: 'a', content: string('x') };
    const sections = [
      { client: 30, clock: 0, structs: [thread] },
      { client: 30, clock: 1, structs: [child] },
    ];
    refuses(server, rawUpdate(sections), 'pending');
  });

  test('whatever would wait for another update', () => {
    const { server } = setUp();
    const thread = { parent: 'comments', key: 'new', content: string('x') };
    const elsewhere = { origin: Y.createID(77, 0), content: string('x') };
    refuses(server, rawUpdate([{ client: 30, clock: 1, structs: [thread] }]), 'pending');
    refuses(server, add({ skip: 2 }, thread), 'pending');
    refuses(server, add(elsewhere), 'pending');
    refuses(server, rawUpdate([{ client: 1, clock: 0, structs: [elsewhere] }]), 'pending');
    refuses(server, rawUpdate([], [[1, Y.getState(server.store, 1), 1]]), 'pending');
    refuses(server, rawUpdate([], [[77, 0, 1]]), 'pending');
    refuses(server, rawUpdate([], [[77, 0, 0]]), 'throws');
    const circle = [
      { client: 30, clock: 0, structs: [{ origin: Y.createID(31, 0), content: string('x') }] },
      { client: 31, clock: 0, structs: [{ origin: Y.createID(30, 0), content: string('x') }] },
    ];
    refuses(server, rawUpdate(circle), 'pending');
    refuses(server, add({ origin: Y.createID(30, 0), content: string('x') }), 'throws');
  });

  test('structs of no length, which share their clock with the next', () => {
    const { server } = setUp();
    const empty = { parent: 'comments', content: string('') };
    refuses(server, add(empty));
    refuses(server, add({ gc: 0 }, empty, { ...empty, content: string('x') }));
  });

  test('ranges that overlap, and clocks past all numbers', () => {
    const { server, commenter, send } = setUp();
    edit(commenter, [['addThread', 2, 0]]);
    expect(send()).toBe(true);
    const text = idOf(server, holdsString('ccc'));
    const range = [text.client, text.clock, 1] as const;
    const twice = new Uint8Array([0, 2, ...rawUpdate([], [range]).subarray(2), ...rawUpdate([], [range]).subarray(2)]);
    expect(Y.decodeUpdate(twice).ds.clients.get(text.client)).toHaveLength(2);
    refuses(server, twice);
    expect(isComment(server, rawUpdate([], [range]))).toBe(true);
    refuses(server, add({ gc: 1 }, { gc: Number.MAX_SAFE_INTEGER }));
  });

  test('nesting that would overflow the stack of Yjs, and end the document for everybody', () => {
    const { server } = setUp();
    const nest = (levels: number, value: unknown = 1): unknown => (levels === 0 ? value : nest(levels - 1, [value]));
    const mark = (levels: number) =>
      add({ right: idOf(server, holdsString('one')), content: new Y.ContentFormat('comment', [nest(levels - 1)]) });
    expect(isComment(server, mark(100))).toBe(true);
    refuses(server, mark(101));
    // JSON.parse has no such limit: this is what a text of brackets is decoded to.
    const brackets = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const deep = Buffer.from(mark(1)).toString('latin1').replace('\u0003[1]', `\xa0\x8d\x06${brackets}`);
    refuses(server, new Uint8Array(Buffer.from(deep, 'latin1')), 'throws');
    for (const content of [
      new Y.ContentAny([nest(101)]),
      new Y.ContentJSON([nest(101)]),
      new Y.ContentEmbed([nest(101)]),
    ]) {
      refuses(server, add({ parent: 'comments', key: 'deep', content }));
    }
    const inherited = new Y.ContentAny([{ ['__proto__']: { deep: nest(100) } }]);
    refuses(server, add({ parent: 'comments', key: 'deep', content: inherited }));
  });

  test('types nested in types', () => {
    const { server } = setUp();
    const chain = (levels: number, parent = 'comments') =>
      Array.from({ length: levels }, (_, level) => ({
        parent: level === 0 ? parent : Y.createID(30, level - 1),
        key: parent === 'comments' ? 'deep' : null,
        content: new Y.ContentType(parent === 'comments' ? new Y.Map() : new Y.XmlElement('p')),
      }));
    expect(isComment(server, add(...chain(100)))).toBe(true);
    refuses(server, add(...chain(101)));
    refuses(server, rawUpdate([{ client: 30, clock: 0, structs: chain(101, 'default') }], [[30, 0, 101]]));
    Y.applyUpdate(server, add(...chain(100)));
    const next = { parent: Y.createID(30, 99), key: 'deep', content: new Y.ContentType(new Y.Map()) };
    refuses(server, rawUpdate([{ client: 31, clock: 0, structs: [next] }]));
  });

  test('what edits of others wait for', () => {
    const { server } = setUp();
    const body = idOf(server, holdsString('one'));
    const waiting = { origin: body, content: string('waits') };
    Y.applyUpdate(server, rawUpdate([{ client: 2, clock: 1, structs: [waiting] }]));
    expect(server.store.pendingStructs).not.toBeNull();
    const thread = { parent: 'comments', key: 'new', content: string('x') };
    refuses(server, rawUpdate([{ client: 2, clock: 0, structs: [thread] }]));
    expect(isComment(server, add(thread))).toBe(true);
  });

  test('subdocuments', () => {
    const { server } = setUp();
    refuses(server, add({ parent: 'comments', key: 'sub', content: new Y.ContentDoc(new Y.Doc()) }));
  });

  test('marks that are not the named one, or not in a text', () => {
    const { server } = setUp();
    const body = idOf(server, holdsString('one'));
    const mark = (key: string) => new Y.ContentFormat(key, { id: 1 });
    expect(isComment(server, add({ right: body, content: mark('comment') }))).toBe(true);
    expect(isComment(server, add({ right: body, content: mark('comment--abcDEF+/') }))).toBe(true);
    for (const key of ['bold', 'comment-er', 'comments', 'comment--', 'comment--short', 'comment--abcdefghi']) {
      refuses(server, add({ right: body, content: mark(key) }), 'outside');
    }
    refuses(server, add({ parent: 'default', content: mark('comment') }), 'outside');
    refuses(server, add({ parent: idOf(server, holdsElement('heading')), content: mark('comment') }), 'outside');
    refuses(server, add({ parent: 'meta', key: 'new', content: mark('comment') }));
  });

  test('formats that are deleted where there is no text', () => {
    const { server } = setUp();
    const stray = { parent: 'default', content: new Y.ContentFormat('bold', {}) };
    const last = server.share.get('default')?._start;
    Y.applyUpdate(server, rawUpdate([{ client: 2, clock: 0, structs: [{ ...stray, right: last?.id ?? null }] }]));
    refuses(server, rawUpdate([], [[2, 0, 1]]), 'outside');
  });

  test('truncated and padded updates', () => {
    const { server, commenter } = setUp();
    edit(commenter, [
      ['addThread', 1, 0],
      ['mark', 2, 9],
      ['deleteThread', 0, 0],
      ['type', 3, 1],
    ]);
    const update = Y.encodeStateAsUpdate(commenter, Y.encodeStateVector(server));
    for (let length = 0; length < update.length; length++) refuses(server, update.subarray(0, length));
    refuses(server, new Uint8Array([...update, 0, 0, 0]), 'outside');
    const thread = add({ parent: 'comments', key: 'new', content: string('x') });
    expect(isComment(server, new Uint8Array([...thread, 255, 255]))).toBe(true);
  });

  test('any byte of an update flipped', () => {
    const { server, commenter } = setUp();
    edit(commenter, [
      ['addThread', 1, 0],
      ['mark', 2, 9],
    ]);
    const update = Y.encodeStateAsUpdate(commenter, Y.encodeStateVector(server));
    for (const [index, byte] of update.entries()) {
      for (const flip of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const flipped = update.with(index, byte ^ flip);
        if (isComment(server, flipped)) expect(applied(server, flipped, OUTSIDE).change).toBeUndefined();
      }
    }
  });

  test('5 MB are judged in less than a second', () => {
    const { server } = setUp();
    const tiny = (parent: string) => ({ parent, content: new Y.ContentType(new Y.Map()) });
    const structs = Array.from({ length: 550_000 }, () => tiny('comments'));
    const many = rawUpdate([{ client: 30, clock: 0, structs }]);
    const deletions = rawUpdate(
      [],
      Array.from({ length: 600_000 }, (_, index) => [index + 100, 0, 1] as const),
    );
    const long = add({ parent: 'comments', key: 'long', content: string('x'.repeat(5_000_000)) });
    for (const [update, accepted] of [
      [many, false],
      [deletions, false],
      [long, true],
    ] as const) {
      // The processor's time, not the clock's: other tests run at the same time.
      const start = process.cpuUsage();
      expect(isComment(server, update)).toBe(accepted);
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1_000).toBeLessThan(1_000);
    }
  });
});

describe('updates that would hold the server up', () => {
  /** Of one client, each after the one before, and all before the first character of a text. */
  function marksBefore(text: Y.ID, client: number, clock: number, count: number): Uint8Array {
    const structs = Array.from({ length: count }, (_, index) => ({
      origin: clock + index === 0 ? null : Y.createID(client, clock + index - 1),
      right: text,
      content: new Y.ContentFormat('comment', index),
    }));
    return rawUpdate([{ client, clock, structs }]);
  }

  test('whether a type is a text is looked up once, however many formats stand before its characters', () => {
    const server = new Y.Doc();
    const writer = new Y.Doc();
    writer.clientID = 1;
    writer.getText('untyped').insert(0, 'text');
    Y.applyUpdate(server, Y.encodeStateAsUpdate(writer));
    const [first, second] = [0, 20_000].map((clock) => marksBefore(Y.createID(1, 0), 30, clock, 20_000));
    expect(first !== undefined && isComment(server, first)).toBe(true);
    Y.applyUpdate(server, first ?? new Uint8Array());
    expect(cpuMs(() => expect(second !== undefined && isComment(server, second)).toBe(true))).toBeLessThan(1_000);
  });

  const COUNT = 300;
  const each = (item: (index: number) => RawItem) => Array.from({ length: COUNT }, (_, i) => item(i));

  test('hundreds of items that Yjs would have to place among others', () => {
    const server = new Y.Doc();
    const writer = new Y.Doc();
    writer.clientID = 1;
    for (let index = 0; index < COUNT; index += 1) writer.getArray('list').push([index % 2 === 0 ? 'x' : index]);
    writer.getMap('map').set('key', 'value');
    Y.applyUpdate(server, Y.encodeStateAsUpdate(writer));
    const accepts = createCommentFilter({ types: ['list', 'map', 'new'] });
    const content = string('x');
    for (const structs of [
      each((index) => ({ right: Y.createID(1, index), content })),
      each((index) => ({ origin: Y.createID(1, 0), right: Y.createID(1, COUNT - 1 - index), content })),
      each(() => ({ parent: 'map', key: 'key', content })),
      each(() => ({ parent: 'new', key: 'key', content })),
      each(() => ({ parent: 'new', content })),
    ]) {
      expect(accepts(server, rawUpdate([{ client: 30, clock: 0, structs: structs.slice(0, 200) }]))).toBe(true);
      expect(accepts(server, rawUpdate([{ client: 30, clock: 0, structs }]))).toBe(false);
    }
    const clients = each(() => ({ parent: 'new', key: 'key', content })).map((struct, index) => {
      return { client: 30 + index, clock: 0, structs: [struct] };
    });
    expect(accepts(server, rawUpdate(clients))).toBe(false);
  });

  test('what somebody has done offline, a thousand times and anywhere, is none of that', () => {
    const server = new Y.Doc();
    const commenter = new Y.Doc();
    const accepts = createCommentFilter({ types: ['list', 'map', 'text'], marks: ['comment'] });
    const [list, map, text] = [commenter.getArray('list'), commenter.getMap('map'), commenter.getText('text')];
    for (let index = 0; index < 1_000; index += 1) {
      list.insert(0, [index]);
      list.push(['end']);
      list.insert((index * 7) % list.length, ['middle']);
      if (index % 5 === 0) list.delete((index * 3) % list.length, 1);
      map.set(`key ${index % 10}`, index);
      text.insert((index * 11) % (text.length + 1), 'ab');
      if (index % 3 === 0) text.format((index * 13) % text.length, 1, { comment: index });
    }
    expect(accepts(server, Y.encodeStateAsUpdate(commenter))).toBe(true);
  });
});

describe('options', () => {
  test.each([
    [undefined, 'JwtAuth: comments: options must be an object'],
    [{ type: ['comments'] }, 'unknown option "type"'],
    [{ types: 'comments' }, '"types" must be a list of names'],
    [{ types: [''] }, '"types" must be a list of names'],
    [{ marks: [1] }, '"marks" must be a list of names'],
    [{ marks: null }, '"marks" must be a list of names'],
  ])('%j is a TypeError', (options, message) => {
    expect(() => Reflect.apply(createCommentFilter, undefined, [options])).toThrow(TypeError);
    expect(() => Reflect.apply(createCommentFilter, undefined, [options])).toThrow(message);
  });
});
