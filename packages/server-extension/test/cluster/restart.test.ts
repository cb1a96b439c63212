import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createTokenSource, keepAuthenticated, type Snapshot } from '../../src/client.ts';
import { createSigner } from '../../src/index.ts';
import { connect, openSocket, type TestClient, untilRefused } from '../support/collaboration.ts';
import { CollaborationProcess } from '../support/collaboration-process.ts';
import { soon } from '../support/soon.ts';
import { secret, signFor } from '../support/tokens.ts';

/* A collaboration server that is killed (kill -9) and started again on the same port, with open connections. */

let folder = '';
let server: CollaborationProcess;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collaboration-'));
  server = await CollaborationProcess.start(join(folder, 'revocations.db'));
});

afterEach(async () => {
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

interface Person {
  clients: TestClient[];
  snapshots(): Snapshot[];
}

/** Somebody with several documents on one socket, all kept authenticated. */
function open(subject: string, names: readonly string[], expiresIn: number): Person {
  const sign = createSigner({ secret, expiresIn });
  const grant = { subject, documents: { '*': 'write' } } as const;
  const tokens = createTokenSource(async () => ({ ...sign(grant), expiresAt: undefined }));
  const socket = openSocket(server.url);
  const clients = names.map((name) => connect(socket, name, tokens));
  const states = clients.map((client) => keepAuthenticated(client.provider, tokens));
  onTestFinished(() => {
    for (const state of states) state.stop();
  });
  return { clients, snapshots: () => states.map((state) => state.getSnapshot()) };
}

const NAMES = ['one', 'two', 'three'];

test.each([
  ['while their tokens are good', 60],
  ['and their tokens expire meanwhile', 1.5],
])(
  'a server that is killed and comes back finds everybody again %s, with all edits',
  async (_, expiresIn) => {
    const people = [open('ada', NAMES, expiresIn), open('ben', NAMES, expiresIn)];
    const clients = people.flatMap((person) => person.clients);
    const everybody = () => people.flatMap((person) => person.snapshots()).map(({ status }) => status);
    const write = (text: string) => {
      for (const [i, client] of clients.entries()) client.type(`${text}${i} `);
    };
    const everywhere = (...texts: string[]) =>
      clients.every((client, i) => {
        const mates = [i % NAMES.length, (i % NAMES.length) + NAMES.length];
        return texts.every((text) => mates.every((mate) => client.text().includes(`${text}${mate} `)));
      });
    await expect.poll(everybody, soon).toEqual(Array.from(clients, () => 'authenticated'));
    write('before');
    await expect.poll(() => everywhere('before'), soon).toBe(true);

    // Typed in the moment of the end, and while nobody is there.
    write('at');
    await server.kill();
    write('while');
    await expect.poll(everybody, soon).toEqual(Array.from(clients, () => 'offline'));
    if (expiresIn < 2) await new Promise((resolve) => setTimeout(resolve, 1_500));
    await server.start();

    await expect.poll(everybody, soon).toEqual(Array.from(clients, () => 'authenticated'));
    write('after');
    await expect.poll(() => everywhere('before', 'at', 'while', 'after'), soon).toBe(true);
    for (const name of NAMES) {
      const mate = clients[NAMES.indexOf(name)];
      await expect.poll(() => server.text(name), soon).toBe(mate?.text());
    }
    expect(clients.flatMap(({ refusals }) => refusals).filter((reason) => reason !== 'token-expired')).toEqual([]);
  },
  60_000,
);

test('a server that comes back still knows what was revoked, and tokens issued since are good', async () => {
  const before = signFor();
  const ada = connect(server, 'a', before);
  await expect.poll(() => server.subjects(), soon).toBe('ada');
  expect(await server.revoke({ subject: 'ada' })).toBe('stored');
  expect(await untilRefused(ada)).toBe('token-revoked');
  ada.provider.destroy();
  await server.kill();
  await server.start();
  expect(await untilRefused(connect(server, 'a', before))).toBe('token-revoked');
  connect(server, 'a', signFor());
  await expect.poll(() => server.subjects(), soon).toBe('ada');
}, 60_000);
