import { expect, onTestFinished, test, vi } from 'vitest';
import { connect, startServer, type TestClient, untilSynced } from '../support/collaboration.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

const { verify, revocations } = createTestVerifier();
const comments = { types: ['comments'], marks: ['comment'] };

function threads(client: TestClient): unknown[] {
  return client.document.getArray('comments').toJSON();
}

async function writerAndCommenter(options: object = { comments }) {
  const server = await startServer({ verify, ...options });
  const writer = connect(server, 'a', signFor({ subject: 'ada' }));
  const commenter = connect(server, 'a', () => signFor({ subject: 'cleo', documents: { a: 'comment' } }));
  await Promise.all([untilSynced(writer), untilSynced(commenter)]);
  writer.type('a contract');
  await untilTrue(() => commenter.text() === 'a contract', 'the text arrives');
  return { server, writer, commenter };
}

test('a commenter adds threads, and everybody sees them', async () => {
  const { commenter, writer, server } = await writerAndCommenter();
  commenter.document.getArray('comments').push(['why?']);
  await untilTrue(() => threads(writer).length === 1, 'the thread arrives');
  expect(threads(writer)).toEqual(['why?']);
  expect(commenter.scopes).toEqual(['readonly']);
  expect(commenter.acknowledged).not.toContain(false);
  const [connection] = server.server.hocuspocus.documents.get('a')?.getConnections().slice(1) ?? [];
  await untilTrue(() => connection?.readOnly === true, 'it rests read-only');
});

test('a commenter marks the body, and cannot do anything else to it', async () => {
  const { commenter, writer, server } = await writerAndCommenter();
  commenter.document.getText('body').format(2, 8, { comment: 'thread-1' });
  await untilTrue(() => writer.document.getText('body').toDelta().length === 2, 'the mark arrives');
  commenter.document.getText('body').format(0, 1, { bold: true });
  await untilTrue(() => commenter.acknowledged.includes(false), 'bold is refused');
  expect(writer.document.getText('body').toDelta()).toEqual([
    { insert: 'a ' },
    { insert: 'contract', attributes: { comment: 'thread-1' } },
  ]);
  expect(server.events.at(-1)).toMatchObject({ type: 'write-rejected', subject: 'cleo', level: 'comment' });
});

test('a message that mixes a comment with an edit is refused as a whole', async () => {
  const { commenter, writer } = await writerAndCommenter();
  commenter.document.transact(() => {
    commenter.document.getArray('comments').push(['why?']);
    commenter.document.getText('body').delete(0, 1);
  });
  await untilTrue(() => commenter.acknowledged.includes(false), 'it is refused');
  expect(threads(writer)).toEqual([]);
  expect(writer.text()).toBe('a contract');
  expect(commenter.closes).toEqual([]);
});

test('without the option, comment is read-only', async () => {
  const { commenter, writer } = await writerAndCommenter({});
  commenter.document.getArray('comments').push(['why?']);
  await untilTrue(() => commenter.acknowledged.includes(false), 'it is refused');
  expect(threads(writer)).toEqual([]);
});

test('a refused edit does not swallow later comments once it is undone', async () => {
  const { commenter, writer } = await writerAndCommenter();
  commenter.type(' that I rewrite');
  await untilTrue(() => commenter.acknowledged.includes(false), 'the edit is refused');
  commenter.document.getArray('comments').push(['lost?']);
  await untilTrue(() => commenter.acknowledged.filter((ok) => !ok).length === 2, 'what depends on it is refused, too');
  const body = commenter.document.getText('body');
  body.delete('a contract'.length, body.length - 'a contract'.length);
  commenter.provider.startSync();
  await untilTrue(() => threads(writer).length === 1, 'the comment arrives');
  expect(writer.text()).toBe('a contract');
});

test('a commenter who was offline catches up', async () => {
  const { commenter, writer } = await writerAndCommenter();
  const socket = commenter.provider.configuration.websocketProvider;
  socket.disconnect();
  await untilTrue(() => !commenter.provider.isSynced, 'it is offline');
  commenter.document.getArray('comments').push(['one']);
  commenter.document.getArray('comments').push(['two']);
  await socket.connect();
  await untilTrue(() => threads(writer).length === 2, 'both threads arrive');
});

test('nothing of a commenter lands after the end', async () => {
  const { commenter, writer } = await writerAndCommenter();
  await revocations.revoke({ subject: 'cleo' });
  commenter.document.getArray('comments').push(['too late']);
  await untilTrue(() => commenter.closes.length > 0, 'the connection is closed');
  writer.type('!');
  await untilTrue(() => writer.acknowledged.length > 1, 'time has passed');
  expect(threads(writer)).toEqual([]);
});

test('a commenter does not write under the client id of somebody else', async () => {
  const { commenter, writer } = await writerAndCommenter();
  writer.provider.setAwarenessField('caret', 1);
  await untilTrue(
    () => commenter.provider.awareness?.getStates().has(writer.document.clientID) === true,
    'the writer is known',
  );
  commenter.document.clientID = writer.document.clientID;
  commenter.document.getArray('comments').push(['in your name']);
  await untilTrue(() => commenter.acknowledged.includes(false), 'it is refused');
  expect(threads(writer)).toEqual([]);
});

test('a comment is judged after the hooks of others, which may have taken their time', async () => {
  const comment = Promise.withResolvers<void>();
  const edit = Promise.withResolvers<void>();
  const slow = {
    beforeSync: async ({ type, connection }: { type: number; connection: { context: { level: string } } }) => {
      if (type !== 2 || connection.context.level !== 'comment') return;
      comment.resolve();
      await edit.promise;
    },
  };
  const server = await startServer({ verify, comments }, { extensions: [slow] });
  const writer = connect(server, 'a', signFor({ subject: 'ada' }));
  const commenter = connect(server, 'a', signFor({ subject: 'cleo', documents: { a: 'comment' } }));
  await Promise.all([untilSynced(writer), untilSynced(commenter)]);
  commenter.document.getArray('comments').push(['why?']);
  await comment.promise;
  const [connection] = server.server.hocuspocus.documents.get('a')?.getConnections().slice(1) ?? [];
  expect(connection?.readOnly).toBe(true);
  edit.resolve();
  await untilTrue(() => threads(writer).length === 1, 'the thread arrives');
});

// Where there are comments, edits take turns: a turn that never ended would hold up everybody in the document.
test('a hook of another extension that throws after each message holds up nobody’s edits', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  const failing = {
    priority: 9_000,
    afterHandleMessage: () => Promise.reject(new Error('the metrics are full')),
  };
  const server = await startServer({ verify, comments }, { extensions: [failing] });
  const writer = connect(server, 'a', signFor({ subject: 'ada' }));
  const commenter = connect(server, 'a', () => signFor({ subject: 'cleo', documents: { a: 'comment' } }));
  await Promise.all([untilSynced(writer), untilSynced(commenter)]);
  writer.type('a contract');
  await untilTrue(() => commenter.text() === 'a contract', 'the text arrives');
  commenter.document.getArray('comments').push(['why?']);
  await untilTrue(() => threads(writer).length === 1, 'the thread arrives');
});
