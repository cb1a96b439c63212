import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createCommentFilter } from '../../src/hocuspocus/comment-filter.ts';
import { applied } from '../support/applied-update.ts';
import { COMMENTS, createDocument, type Edit, edit, fillDocument, OTHERS } from '../support/collaborators.ts';
import { forgedUpdate, writeForged } from '../support/forged-update.ts';
import type { Outside } from '../support/outside-view.ts';

const OUTSIDE: Outside = { types: ['comments'], marks: ['comment'], texts: ['plain'] };
const isComment = createCommentFilter({ types: OUTSIDE.types, marks: OUTSIDE.marks });

type Step =
  | { does: 'edit'; who: Who; edits: readonly Edit[] }
  | { does: 'undo' | 'redo' | 'pull' | 'sync'; who: Who }
  | { does: 'send'; how: 'each' | 'merged' | 'resync' }
  | { does: 'relay' | 'reload' };
type Who = 'commenter' | 'writer' | 'offline';

const editsOf = (kinds: readonly Edit[0][]) =>
  fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 3 });
const who = fc.constantFrom<Who>('commenter', 'commenter', 'writer', 'offline');
const does = fc.constant('edit');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ does, who, edits: editsOf(COMMENTS) }) },
  { weight: 3, arbitrary: fc.record({ does, who, edits: editsOf(OTHERS) }) },
  { weight: 1, arbitrary: fc.record({ does, who, edits: editsOf([...COMMENTS, ...OTHERS]) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('undo', 'redo'), who }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('pull', 'sync'), who }) },
  { weight: 9, arbitrary: fc.record({ does: fc.constant('send'), how: fc.constantFrom('each', 'merged', 'resync') }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('relay', 'reload') }) },
);

test('what is accepted changes nothing outside, and what changes nothing outside is accepted', {
  timeout: 60_000,
}, () => {
  const stats: Record<string, number> = {};
  const seen = { accepted: 0, refused: 0, stricter: 0 };
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 2, maxLength: 24, size: 'max' }), (gc, steps) => {
      const run = startSession(gc, (server, update, offline) => {
        const accepted = isComment(server, update);
        const result = applied(server, update, OUTSIDE, offline);
        seen[accepted ? 'accepted' : 'refused'] += 1;
        if (process.env.STATS) {
          const k =
            (accepted ? 'A ' : 'R ') +
            (update.length <= 2 ? 'empty' : (result.change ?? (result.broadcast.length > 2 ? 'changed' : 'nothing')));
          stats[k] = (stats[k] ?? 0) + 1;
        }
        if (accepted) expect(result.change).toBeUndefined();
        else if (result.change === undefined && (result.addsEntry || result.addsFormat)) seen.stricter += 1;
        else expect(result.change).toBeDefined();
        return accepted;
      });
      for (const each of [...steps, { does: 'send', how: 'resync' } as const]) run(each);
    }),
    { numRuns: Number(process.env.RUNS ?? 1_000) },
  );
  console.log(seen, stats);
  expect(seen.accepted).toBeGreaterThan(500);
  expect(seen.refused).toBeGreaterThan(500);
});

type Judge = (server: Y.Doc, update: Uint8Array, offline: Y.Doc) => boolean;

/** A server, a commenter whose updates are judged, a writer, and a writer who is offline most of the time. */
function startSession(gc: boolean, judge: Judge) {
  const server = createDocument(9, gc);
  const filled = createDocument(1);
  fillDocument(filled);
  Y.applyUpdate(server, Y.encodeStateAsUpdate(filled));
  const queue: Uint8Array[] = [];
  const people = { commenter: open(3), writer: open(2), offline: open(5) };

  function open(clientID: number) {
    const document = createDocument(clientID, gc);
    pull(document);
    const roots = [
      document.getXmlFragment('default'),
      document.getText('plain'),
      document.getMap('meta'),
      document.getArray('list'),
      document.getMap('comments'),
    ];
    document.on('update', (update: Uint8Array, origin: unknown) => {
      if (document === people.commenter.document && origin !== 'server') queue.push(update);
    });
    return { document, undos: new Y.UndoManager(roots, { captureTimeout: 0 }) };
  }
  function missing(document: Y.Doc, from: Y.Doc): Uint8Array {
    return Y.encodeStateAsUpdate(from, Y.encodeStateVector(document));
  }
  function pull(document: Y.Doc): void {
    Y.applyUpdate(document, missing(document, server), 'server');
  }
  function isGood(update: Uint8Array): boolean {
    return update.length <= 2 || judge(server, update, people.offline.document);
  }
  function send(update: Uint8Array): void {
    if (isGood(update)) Y.applyUpdate(server, update);
  }

  return function run(each: Step): void {
    const { document, undos } = people['who' in each ? each.who : 'commenter'];
    if (each.does === 'edit') edit(document, each.edits);
    else if (each.does === 'undo' || each.does === 'redo') undos[each.does]();
    else if (each.does === 'pull') pull(document);
    else if (each.does === 'relay') Y.applyUpdate(document, missing(document, people.writer.document));
    else if (each.does === 'reload') {
      queue.length = 0;
      people.commenter = open(document.clientID + 10);
    } else if (each.does === 'sync' && document !== people.commenter.document) {
      const update = missing(server, document);
      isGood(update);
      Y.applyUpdate(server, update);
      pull(document);
    } else if (each.does === 'send') {
      const updates = queue.splice(0);
      if (each.how === 'resync') send(missing(server, document));
      else if (each.how === 'each') updates.forEach(send);
      else if (updates.length > 0) send(Y.mergeUpdates(updates));
    }
  };
}

test('no forged update gets past the filter with a change outside', { timeout: 600_000 }, () => {
  const stats: Record<string, number> = {};
  const edited = fc.array(editsOf([...COMMENTS, ...OTHERS]), { maxLength: 4 });
  fc.assert(
    fc.property(fc.boolean(), edited, forgedUpdate, (gc, batches, forged) => {
      const server = createDocument(9, gc);
      fillDocument(createDocument(1));
      const [filled, writer] = [createDocument(1), createDocument(2)];
      fillDocument(filled);
      Y.applyUpdate(writer, Y.encodeStateAsUpdate(filled));
      for (const batch of batches) edit(writer, batch);
      Y.applyUpdate(server, Y.encodeStateAsUpdate(writer));
      const update = writeForged(server, forged);
      const accepted = isComment(server, update);
      const result = applied(server, update, OUTSIDE, writer);
      const k = `${accepted ? 'A' : 'R'} ${result.change ?? (result.broadcast.length > 2 ? 'changed' : 'nothing')}`;
      stats[k] = (stats[k] ?? 0) + 1;
      if (accepted) expect(result.change).toBeUndefined();
    }),
    { numRuns: Number(process.env.RUNS ?? 1_000) },
  );
  console.log(stats);
});
