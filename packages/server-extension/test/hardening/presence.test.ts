import { expect, test, vi } from 'vitest';
import type { JwtAuthOptions } from '../../src/hocuspocus.ts';
import { startServer, type TestServer } from '../support/collaboration.ts';
import { presenceFrame, RawClient, rawFrame, statelessFrame } from '../support/raw-client.ts';
import { createTestVerifier, signAnonymous, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

/*
 * Hocuspocus checks awareness not at all: whoever may read may say anything about anybody. One test for each way in
 * that test/hocuspocus/presence.test.ts does not show. Frames are written by hand, because no provider would send them.
 */

const { verify } = createTestVerifier();

type State = Record<string, unknown> | undefined;

interface Stage {
  server: TestServer;
  ada: RawClient;
  ben: RawClient;
  state(clientId: number): State;
  clock(clientId: number): number | undefined;
  rejections(): number;
}

/** Ada and Ben in document `a`, each on a socket of their own. Ben may only read. */
async function setStage(options: Partial<JwtAuthOptions> = {}): Promise<Stage> {
  const server = await startServer({ verify, ...options });
  const ada = await RawClient.open(server.url);
  const ben = await RawClient.open(server.url);
  await ada.enter('a', signFor({ name: 'Ada' }));
  await ben.enter('a', signFor({ subject: 'ben', name: 'Ben', documents: { a: 'read' } }));
  await untilTrue(() => [...server.auth.connections()].length === 2, 'both are there');
  const awareness = () => server.server.hocuspocus.documents.get('a')?.awareness;
  return {
    server,
    ada,
    ben,
    state: (clientId) => awareness()?.getStates().get(clientId),
    clock: (clientId) => awareness()?.meta.get(clientId)?.clock,
    rejections: () => server.events.filter(({ type }) => type === 'presence-rejected').length,
  };
}

/** Waits until everything that this socket has sent is handled: a connection handles one message after the other. */
async function untilHandled({ server }: Stage, client: RawClient): Promise<void> {
  const [open] = server.server.hocuspocus.documents.get('a')?.getConnections() ?? [];
  if (open === undefined) throw new Error('Nobody is there');
  const heard = Promise.withResolvers<void>();
  for (const connection of open.document.getConnections()) {
    connection.onStatelessCallback(async ({ payload }) => {
      if (payload === 'handled?') heard.resolve();
    });
  }
  client.send(statelessFrame('a', 'handled?'));
  await heard.promise;
}

test('a forged clock does not hide behind an honest entry of the same id', async () => {
  // y-protocols applies every entry of an update in turn, so the last one with a higher clock is what remains.
  const stage = await setStage();
  stage.ben.send(
    presenceFrame('a', [
      [7, 1, '{"n":1}'],
      [7, 2 ** 32 - 1, '{"n":2}'],
    ]),
  );
  await untilTrue(() => stage.rejections() === 1, 'it is reported');
  await untilHandled(stage, stage.ben);
  expect(stage.state(7)).toBeUndefined();
  expect(stage.clock(7)).toBeUndefined();
});

test('an oversized state does not hide behind a small one of the same id, in either order', async () => {
  const stage = await setStage({ limits: { presenceBytes: 100 } });
  const big = JSON.stringify({ big: 'x'.repeat(100) });
  stage.ben.send(
    presenceFrame('a', [
      [7, 1, '{}'],
      [7, 2, big],
    ]),
  );
  stage.ben.send(
    presenceFrame('a', [
      [8, 2, big],
      [8, 1, '{}'],
    ]),
  );
  await untilHandled(stage, stage.ben);
  expect([stage.state(7), stage.state(8)]).toEqual([undefined, undefined]);
});

test('the caret of somebody else cannot be removed', async () => {
  // y-protocols lets everybody say that a client id is gone, so that the first to notice may.
  const stage = await setStage();
  stage.ada.send(presenceFrame('a', [[5, 1, '{"caret":1}']]));
  await untilTrue(() => stage.state(5) !== undefined, 'the caret is there');
  for (const gone of ['null', ' null', 'null ']) {
    stage.ben.send(presenceFrame('a', [[5, 1, gone]]));
    stage.ben.send(presenceFrame('a', [[5, 2, gone]]));
    stage.ben.send(presenceFrame('a', [[5, 2 ** 32 - 1, gone]]));
  }
  await untilHandled(stage, stage.ben);
  expect(stage.state(5)).toMatchObject({ caret: 1, user: { id: 'ada' } });
  expect(stage.clock(5)).toBe(1);
});

test('a forged state does not hide behind a removal of the same id', async () => {
  const stage = await setStage();
  stage.ada.send(presenceFrame('a', [[5, 1, '{"caret":1}']]));
  await untilTrue(() => stage.state(5) !== undefined, 'the caret is there');
  stage.ben.send(
    presenceFrame('a', [
      [5, 2, 'null'],
      [5, 3, '{"caret":"forged"}'],
    ]),
  );
  await untilHandled(stage, stage.ben);
  expect(stage.state(5)).toMatchObject({ caret: 1, user: { id: 'ada' } });
});

test('one good state in an update does not carry in the others', async () => {
  const stage = await setStage();
  stage.ada.send(presenceFrame('a', [[5, 1, '{"caret":1}']]));
  await untilTrue(() => stage.state(5) !== undefined, 'the caret is there');
  stage.ben.send(
    presenceFrame('a', [
      [6, 1, '{"caret":6}'],
      [5, 9, '{"caret":"forged"}'],
      [7, 1, '[]'],
      [8, 5_000_000, '{}'],
    ]),
  );
  await untilTrue(() => stage.state(6) !== undefined, 'what is his own arrives');
  expect(stage.state(5)).toMatchObject({ caret: 1, user: { id: 'ada' } });
  expect([stage.state(7), stage.state(8)]).toEqual([undefined, undefined]);
  expect(stage.rejections()).toBe(1);
});

test('thousands of invented people in one update are eight, and megabytes in one state are none', async () => {
  const stage = await setStage();
  stage.ben.send(presenceFrame('a', [[1, 1, JSON.stringify({ big: 'x'.repeat(4_000_000) })]]));
  stage.ben.send(
    presenceFrame(
      'a',
      Array.from({ length: 10_000 }, (_, i) => [i + 2, 1, '{}']),
    ),
  );
  await untilHandled(stage, stage.ben);
  const states = stage.server.server.hocuspocus.documents.get('a')?.awareness.getStates();
  expect(states?.size).toBe(8);
  expect(states?.has(1)).toBe(false);
});

test('a state that is nested so deeply that encoding it fails does not lock everybody else out', async () => {
  // Who enters is sent all states at once. Somewhere near 4,400 levels, decoding still works and encoding does not.
  const stage = await setStage();
  for (const open of ['[', '{"a":']) {
    const close = open === '[' ? ']' : '}';
    const state = `{"a":${open.repeat(101)}${open === '[' ? '' : 1}${close.repeat(101)}}`;
    stage.ben.send(presenceFrame('a', [[6, 1, state]]));
  }
  for (let levels = 4_384; levels < 4_400; levels += 1) {
    stage.ben.send(presenceFrame('a', [[6, 1, `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`]]));
  }
  await untilHandled(stage, stage.ben);
  expect(stage.state(6)).toBeUndefined();
  const cleo = await RawClient.open(stage.server.url);
  await cleo.enter('a', signFor({ subject: 'cleo' }));
  await untilTrue(() => [...stage.server.auth.connections()].length === 3, 'the third is there');
  stage.ben.send(presenceFrame('a', [[6, 1, `{"a":${'['.repeat(60)}${']'.repeat(60)}}`]]));
  await untilTrue(() => stage.state(6) !== undefined, 'what is nested less arrives');
});

test('the entry that Hocuspocus adds to each update takes no place, and is never seen', async () => {
  // Decoding makes an awareness of its own, whose own id comes along.
  const stage = await setStage({ limits: { clientIds: 1 } });
  for (let clock = 1; clock <= 5; clock += 1) stage.ben.send(presenceFrame('a', [[6, clock, `{"n":${clock}}`]]));
  await untilTrue(() => stage.state(6)?.n === 5, 'all of them arrive');
  expect([...(stage.server.server.hocuspocus.documents.get('a')?.awareness.getStates().keys() ?? [])]).toEqual([6]);
  expect(stage.rejections()).toBe(0);
});

test('a name is nobody’s to choose, however the state is put', async () => {
  const stage = await setStage();
  const states = [
    '{"user":{"id":"ada","name":"Ada"}}',
    '{"user":"Ada"}',
    '{"user":["Ada"]}',
    '{"user":null}',
    '{"__proto__":{"user":{"name":"Ada"}}}',
    '{"user":{"__proto__":{"name":"Ada"},"constructor":"Ada","toString":"Ada"}}',
    '{"user":{"name":"Ada"},"user":{"id":"ada","name":"Ada"}}',
    '{}',
  ];
  for (const [i, state] of states.entries()) {
    stage.ben.send(presenceFrame('a', [[6, i + 1, state]]));
    await untilTrue(() => stage.clock(6) === i + 1, 'the state arrives');
    expect(stage.state(6)?.user).toEqual({ id: 'ben', name: 'Ben' });
  }
  expect(JSON.stringify(stage.state(6))).not.toContain('Ada');
});

test('two people without a subject cannot speak for one another', async () => {
  const server = await startServer({ verify });
  const [one, other] = [await RawClient.open(server.url), await RawClient.open(server.url)];
  await one.enter('a', signAnonymous());
  await other.enter('a', signAnonymous());
  const states = () => server.server.hocuspocus.documents.get('a')?.awareness.getStates();
  one.send(presenceFrame('a', [[5, 1, '{"caret":1}']]));
  await untilTrue(() => states()?.has(5) === true, 'the caret is there');
  other.send(presenceFrame('a', [[5, 2, '{"caret":"forged"}']]));
  await untilTrue(() => server.events.some(({ type }) => type === 'presence-rejected'), 'it is reported');
  expect(states()?.get(5)?.caret).toBe(1);
});

test('several connections of different people on one socket are different people', async () => {
  // Nothing may be keyed by the socket: one page may be two people, in two accounts.
  const server = await startServer({ verify });
  const page = await RawClient.open(server.url);
  await page.enter('a\0one', signFor({ name: 'Ada' }));
  await page.enter('a\0two', signFor({ subject: 'ben', name: 'Ben' }));
  const states = () => server.server.hocuspocus.documents.get('a')?.awareness.getStates();
  page.send(presenceFrame('a\0one', [[5, 1, '{"caret":1}']]));
  await untilTrue(() => states()?.has(5) === true, 'the caret is there');
  page.send(presenceFrame('a\0two', [[5, 2, '{"caret":2}']]));
  page.send(presenceFrame('a\0two', [[6, 1, '{"caret":2}']]));
  await untilTrue(() => states()?.has(6) === true, 'the other caret is there');
  expect(states()?.get(5)).toEqual({ caret: 1, user: { id: 'ada', name: 'Ada' } });
  expect(states()?.get(6)).toEqual({ caret: 2, user: { id: 'ben', name: 'Ben' } });
});

test('a person with two connections on one socket keeps the caret when one of them ends', async () => {
  const server = await startServer({ verify });
  const page = await RawClient.open(server.url);
  await page.enter('a\0one', signFor());
  await page.enter('a\0two', signFor());
  const states = () => server.server.hocuspocus.documents.get('a')?.awareness.getStates();
  page.send(presenceFrame('a\0one', [[5, 1, '{"caret":1}']]));
  page.send(presenceFrame('a\0two', [[6, 1, '{"caret":2}']]));
  page.send(presenceFrame('a\0two', [[5, 2, '{"caret":3}']]));
  await untilTrue(() => states()?.get(5)?.caret === 3, 'the second has taken it over');
  page.send(rawFrame('a\0one', 7));
  await untilTrue(() => [...server.auth.connections()].length === 1, 'the first is gone');
  expect([...(states()?.keys() ?? [])].toSorted()).toEqual([5, 6]);
});

test('a state that is held back by another hook while its owner is revoked does not appear', async () => {
  // Hocuspocus prints whatever a hook throws here.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { verify: check, revocations } = createTestVerifier();
  const gate = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const slow = {
    beforeHandleAwareness: async () => {
      held.resolve();
      await gate.promise;
    },
  };
  const server = await startServer({ verify: check }, { extensions: [slow] });
  const ada = await RawClient.open(server.url);
  const ben = await RawClient.open(server.url);
  await ada.enter('a', signFor());
  await ben.enter('a', signFor({ subject: 'ben' }));
  ada.send(presenceFrame('a', [[5, 1, '{"caret":1}']]));
  await held.promise;
  await revocations.revoke({ subject: 'ada' });
  gate.resolve();
  ben.send(presenceFrame('a', [[6, 1, '{"caret":1}']]));
  const states = () => server.server.hocuspocus.documents.get('a')?.awareness.getStates();
  await untilTrue(() => states()?.has(6) === true, 'the other caret is there');
  expect(states()?.has(5)).toBe(false);
});
