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

/** Raise it to look further: a failing case prints its seed, and a script as short as it can be. */
const RUNS = Number(process.env.COMMENT_RUNS ?? 1_000);

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

test('accepted is what changes nothing outside', { timeout: 120_000 }, () => {
  const seen = { accepted: 0, refused: 0, stricter: 0 };
  const script = fc.array(step, { minLength: 2, maxLength: 24, size: 'max' });
  fc.assert(
    fc.property(fc.boolean(), script, (gc, steps) => {
      const run = startSession(gc, (server, update, offline) => {
        const accepted = isComment(server, update);
        const { change, addsEntry, addsFormat } = applied(server, update, OUTSIDE, offline);
        const isStricter = !accepted && change === undefined && (addsEntry || addsFormat);
        seen[isStricter ? 'stricter' : accepted ? 'accepted' : 'refused'] += 1;
        if (accepted) expect(change).toBeUndefined();
        else if (!isStricter) expect(change).toBeDefined();
        return accepted;
      });
      for (const each of [...steps, { does: 'send', how: 'resync' } as const]) run(each);
    }),
    { numRuns: RUNS },
  );
  // Otherwise the scripts would prove little.
  expect(seen.accepted).toBeGreaterThan(RUNS / 2);
  expect(seen.refused).toBeGreaterThan(RUNS / 2);
  expect(seen.stricter).toBeLessThan(RUNS / 10);
});

test('no forged update that is accepted changes anything outside', { timeout: 120_000 }, () => {
  const seen = { accepted: 0, refused: 0 };
  const history = fc.array(editsOf([...COMMENTS, ...OTHERS]), { maxLength: 4 });
  fc.assert(
    fc.property(fc.boolean(), history, forgedUpdate, (gc, batches, forged) => {
      const server = createDocument(9, gc);
      const [filled, writer] = [createDocument(1), createDocument(2)];
      fillDocument(filled);
      Y.applyUpdate(writer, Y.encodeStateAsUpdate(filled));
      for (const batch of batches) edit(writer, batch);
      Y.applyUpdate(server, Y.encodeStateAsUpdate(writer));
      const update = writeForged(server, forged);
      const accepted = isComment(server, update);
      seen[accepted ? 'accepted' : 'refused'] += 1;
      if (accepted) expect(applied(server, update, OUTSIDE, writer).change).toBeUndefined();
    }),
    { numRuns: 3 * RUNS },
  );
  expect(seen.accepted).toBeGreaterThan(RUNS / 10);
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
