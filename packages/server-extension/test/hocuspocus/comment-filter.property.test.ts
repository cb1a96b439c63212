import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createCommentFilter } from '../../src/hocuspocus/comment-filter.ts';
import { applied } from '../support/applied-update.ts';
import { COMMENTS, createDocument, type Edit, edit, fillDocument, OTHERS } from '../support/collaborators.ts';
import type { Outside } from '../support/outside-view.ts';

const OUTSIDE: Outside = { types: ['comments'], marks: ['comment'], texts: ['plain'] };
const isComment = createCommentFilter({ types: OUTSIDE.types, marks: OUTSIDE.marks });

type Step =
  | { does: 'edit'; who: Who; edits: readonly Edit[] }
  | { does: 'undo' | 'redo' | 'pull' | 'sync'; who: Who }
  | { does: 'send'; how: 'each' | 'merged' | 'resync' }
  | { does: 'relay' };
type Who = 'commenter' | 'writer' | 'offline';

const editsOf = (kinds: readonly Edit[0][]) =>
  fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 3 });
const who = fc.constantFrom<Who>('commenter', 'writer', 'offline');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('edit'), who, edits: editsOf(COMMENTS) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('edit'), who, edits: editsOf(OTHERS) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('edit'), who, edits: editsOf([...COMMENTS, ...OTHERS]) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom('undo', 'redo'), who }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('pull', 'sync'), who }) },
  { weight: 5, arbitrary: fc.record({ does: fc.constant('send'), how: fc.constantFrom('each', 'merged', 'resync') }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('relay') }) },
);

test('what is accepted changes nothing outside, and what changes nothing outside is accepted', {
  timeout: 60_000,
}, () => {
  const seen = { accepted: 0, refused: 0, stricter: 0 };
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { minLength: 2, maxLength: 14 }), (gc, steps) => {
      const session = startSession(gc, (server, update, offline) => {
        const accepted = isComment(server, update);
        const result = applied(server, update, OUTSIDE, offline);
        seen[accepted ? 'accepted' : 'refused'] += 1;
        if (accepted) expect(result.change).toBeUndefined();
        else if (result.change === undefined && (result.addsEntry || result.addsFormat)) seen.stricter += 1;
        else expect(result.change).toBeDefined();
        return accepted;
      });
      for (const each of [...steps, { does: 'send', how: 'resync' } as const]) session.run(each);
    }),
    { numRuns: Number(process.env.RUNS ?? 1_000) },
  );
  console.log(seen);
  expect(seen.accepted).toBeGreaterThan(500);
  expect(seen.refused).toBeGreaterThan(500);
});

type Judge = (server: Y.Doc, update: Uint8Array, offline: Y.Doc) => boolean;

/** A server, a commenter whose updates are judged, a writer, and a writer who is offline most of the time. */
function startSession(gc: boolean, judge: Judge) {
  const server = createDocument(9, gc);
  const documents = { commenter: createDocument(3, gc), writer: createDocument(2), offline: createDocument(5) };
  const filled = createDocument(1);
  fillDocument(filled);
  const queue: Uint8Array[] = [];
  Y.applyUpdate(server, Y.encodeStateAsUpdate(filled));
  const pull = (document: Y.Doc) =>
    Y.applyUpdate(document, Y.encodeStateAsUpdate(server, Y.encodeStateVector(document)), 'server');
  const undos = Object.fromEntries(
    Object.entries(documents).map(([name, document]) => {
      pull(document);
      const roots = [
        document.getXmlFragment('default'),
        document.getText('plain'),
        document.getMap('meta'),
        document.getArray('list'),
        document.getMap('comments'),
      ];
      return [name, new Y.UndoManager(roots, { captureTimeout: 0 })];
    }),
  );
  documents.commenter.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== 'server') queue.push(update);
  });
  const missing = (document: Y.Doc, from: Y.Doc) => Y.encodeStateAsUpdate(from, Y.encodeStateVector(document));
  const send = (update: Uint8Array) => {
    if (judge(server, update, documents.offline)) Y.applyUpdate(server, update);
  };

  return {
    run(each: Step): void {
      if (each.does === 'edit') edit(documents[each.who], each.edits);
      else if (each.does === 'undo' || each.does === 'redo') undos[each.who]?.[each.does]();
      else if (each.does === 'pull') pull(documents[each.who]);
      else if (each.does === 'relay')
        Y.applyUpdate(documents.commenter, missing(documents.commenter, documents.writer));
      else if (each.does === 'sync' && each.who !== 'commenter') {
        const update = missing(server, documents[each.who]);
        judge(server, update, documents.offline);
        Y.applyUpdate(server, update);
        pull(documents[each.who]);
      } else if (each.does === 'send') {
        const updates = queue.splice(0);
        if (each.how === 'resync') send(missing(server, documents.commenter));
        else if (each.how === 'each') updates.forEach(send);
        else if (updates.length > 0) send(Y.mergeUpdates(updates));
      }
    },
  };
}
