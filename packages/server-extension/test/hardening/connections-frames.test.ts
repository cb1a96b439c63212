import { type Extension, Server } from '@hocuspocus/server';
import { expect, onTestFinished, test, vi } from 'vitest';
import { JwtAuth } from '../../src/hocuspocus.ts';
import { connect, type TestClient, untilSynced } from '../support/collaboration.ts';
import { authFrame, presenceFrame, RawClient, type RawPart, rawFrame } from '../support/raw-client.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

/*
 * Frames that no provider sends, at every moment of a connection's life. An unhandled rejection ends a Hocuspocus
 * server, and a line in the log for each frame fills disks: the process must live, other people's connections too, and
 * nothing may be printed beyond what Hocuspocus itself prints. vitest fails by itself on unhandled rejections.
 */

const { verify } = createTestVerifier();

const AT_ONCE = 40;

const HUGE = 2 ** 53 - 1;
const UNFINISHED = new Uint8Array([0x80]);
const TOO_LARGE = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
const NOT_UTF8 = new Uint8Array([2, 0xc3, 0x28]);
const JUNK = new Uint8Array(Array.from({ length: 200 }, (_, i) => (i * 37) % 256));

function withLength(bytes: Uint8Array): Uint8Array {
  return rawFrame(bytes.length, bytes);
}

/** What may come after the type: nothing, half a number, too much, lengths that are not there, any bytes. */
const BODIES = [
  new Uint8Array(),
  UNFINISHED,
  TOO_LARGE,
  rawFrame(HUGE),
  rawFrame(0, HUGE),
  rawFrame(2 ** 31, 1, 2, 3),
  NOT_UTF8,
  JUNK,
  withLength(JUNK),
];

/** All frames for an address. The types: all that there are, and some that there are not. */
function malformedFrames(address: string): Uint8Array[] {
  const types = [...Array.from({ length: 12 }, (_, type) => type), 127, 2 ** 31, HUGE];
  const update = (...parts: RawPart[]) => withLength(rawFrame(...parts));
  return [
    rawFrame(address),
    rawFrame(address, UNFINISHED),
    rawFrame(address, TOO_LARGE),
    ...types.flatMap((type) => BODIES.map((body) => rawFrame(address, type, body))),
    // Sync: SyncStep1, SyncStep2, Update, and none of them.
    ...[0, 4].flatMap((type) =>
      [0, 1, 2, 3, HUGE].flatMap((step) => BODIES.map((body) => rawFrame(address, type, step, body))),
    ),
    ...[1, 2].flatMap((step) =>
      [update(HUGE), update(1, 2 ** 31), update(1, 1, 5, 0), update(0, HUGE, 1, 1), update(0, 1, 5, HUGE)].map((body) =>
        rawFrame(address, 0, step, body),
      ),
    ),
    // Auth: a token, a refusal, an answer, and none of them.
    ...[0, 1, 2, 3, HUGE].flatMap((kind) => BODIES.map((body) => rawFrame(address, 2, kind, body))),
    // Awareness.
    ...[
      update(HUGE),
      update(2, 5, 1, '{}'),
      update(1, 5, 1, HUGE),
      update(1, 5, 1, '{'),
      update(1, 5, 1, NOT_UTF8),
    ].map((body) => rawFrame(address, 1, body)),
    ...['', '{', 'undefined', '[', '1', '"x"', 'true', '{"user":', '\u0000'].map((state) =>
      presenceFrame(address, [[5, 1, state]]),
    ),
    presenceFrame(address, [[HUGE, HUGE, '{}']]),
    presenceFrame(address, [[0, 0, '{}']]),
  ];
}

/** Frames that have no address that could be read. */
const NOWHERE = [
  new Uint8Array(),
  UNFINISHED,
  TOO_LARGE,
  rawFrame(HUGE),
  rawFrame(5, new Uint8Array([97])),
  NOT_UTF8,
  JUNK,
];

/** Holds back until the test lets go, where it is told to. */
type Stage =
  | 'before a token'
  | 'while its token is checked'
  | 'while its document loads'
  | 'open'
  | 'open, reading only';

/** A server with somebody at work, and what it prints while the frames come. */
async function storm(stage: Stage, isGuarded: boolean): Promise<{ printed: string[]; worker: TestClient }> {
  const gate = Promise.withResolvers<void>();
  const isHeld = (name: string) => name.startsWith('held');
  const hold: Extension = {
    onAuthenticate: async ({ documentName }) => {
      if (stage === 'while its token is checked' && isHeld(documentName)) await gate.promise;
    },
    onLoadDocument: async ({ documentName }) => {
      if (stage === 'while its document loads' && isHeld(documentName)) await gate.promise;
    },
  };
  const makeReadOnly: Extension = {
    onAuthenticate: async ({ documentName, connectionConfig }) => {
      connectionConfig.readOnly = stage === 'open, reading only' && isHeld(documentName);
    },
  };
  const server = new Server({
    quiet: true,
    stopOnSignals: false,
    extensions: [hold, isGuarded ? new JwtAuth({ verify, announce: false }) : makeReadOnly],
  });
  server.configuration.port = 0;
  await server.listen();
  onTestFinished(() => server.destroy());
  const url = `ws://127.0.0.1:${server.address.port}`;
  const worker = connect({ url }, 'work', signFor());
  await untilSynced(worker);

  const token = signFor(stage === 'open, reading only' ? { documents: { '*': 'read' } } : {});
  const frames = [...malformedFrames('held'), ...NOWHERE];
  const printed: string[] = [];
  const print = (...parts: unknown[]) => void printed.push(parts.map(toLine).join(' '));
  const methods = (['error', 'warn', 'log'] as const).map((name) => vi.spyOn(console, name).mockImplementation(print));
  try {
    // The same document for all: what one of them breaks, the others would notice.
    const clients: RawClient[] = [];
    for (let start = 0; start < frames.length; start += AT_ONCE) {
      const some = frames.slice(start, start + AT_ONCE);
      clients.push(...(await Promise.all(some.map((frame) => say(url, stage, token, frame)))));
    }
    gate.resolve();
    await Promise.all(clients.filter(({ isOpen }) => isOpen).map((client) => untilLetIn(client, stage)));
  } finally {
    for (const method of methods) method.mockRestore();
  }
  return { printed, worker };
}

async function say(url: string, stage: Stage, token: string, frame: Uint8Array): Promise<RawClient> {
  const client = await RawClient.open(url);
  if (stage !== 'before a token') client.send(authFrame('held', token));
  if (stage.startsWith('open')) await untilAnswered(client, 'held');
  client.send(frame);
  await untilHandled(client, 'after');
  if (stage.startsWith('open')) client.end();
  return client;
}

async function untilLetIn(client: RawClient, stage: Stage): Promise<void> {
  if (stage.startsWith('while')) await untilAnswered(client, 'held');
  await untilHandled(client, 'last');
}

/** Answered only after what came before. */
async function untilHandled(client: RawClient, address: string): Promise<void> {
  client.send(authFrame(address, 'nonsense'));
  await untilAnswered(client, address);
}

async function untilAnswered(client: RawClient, address: string): Promise<void> {
  const answers = () => client.refusals(address).length + client.scopes(address).length;
  await untilTrue(() => !client.isOpen || answers() > 0, 'it is answered', 20);
}

/** Without what differs from run to run. */
function toLine(part: unknown): string {
  const text = part instanceof Error ? part.message : typeof part === 'string' ? part : JSON.stringify(part);
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<socket>');
}

function tally(lines: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines.toSorted()) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}

test.each<Stage>([
  'before a token',
  'while its token is checked',
  'while its document loads',
  'open',
  'open, reading only',
])(
  'malformed frames on a connection that is %s harm nobody, and print no more than without us',
  async (stage) => {
    const alone = await storm(stage, false);
    const guarded = await storm(stage, true);
    expect(tally(guarded.printed)).toEqual(tally(alone.printed));
    guarded.worker.type('still here');
    await untilSynced(guarded.worker);
    expect(guarded.worker.closes).toEqual([]);
  },
  120_000,
);
