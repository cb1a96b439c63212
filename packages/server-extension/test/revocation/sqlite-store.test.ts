import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRevocations } from '../../src/revocation/create-revocations.ts';
import { toRevocationIndex } from '../../src/revocation/revocation-index.ts';
import type { RevocationIndex } from '../../src/revocation/revocations.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { revocationEntry } from '../support/revocation-entry.ts';
import { RevocationProcess } from '../support/revocation-process.ts';
import { sampleClaims } from '../support/sample-claims.ts';
import { soon } from '../support/soon.ts';

let folder: string;
let path: string;
const opened: { close(): Promise<void> }[] = [];
const processes: RevocationProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlite-'));
  path = join(folder, 'revocations.db');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await Promise.all(processes.splice(0).map((one) => one.kill()));
  await rm(folder, { recursive: true });
});

function open(): RevocationIndex {
  const index = toRevocationIndex(createRevocations({ store: sqliteStore(path) }));
  opened.push(index);
  return index;
}

async function startProcess(): Promise<RevocationProcess> {
  const started = await RevocationProcess.start(path);
  processes.push(started);
  return started;
}

const claimsBefore = (subject: string) => sampleClaims({ subject }, Date.now() / 1_000 - 60);

describe('the path', () => {
  test.each([undefined, null, 7, '', new URL('file:///tmp/x.db')])('%s is a TypeError', (wrong) => {
    expect(() => Reflect.apply(sqliteStore, undefined, [wrong])).toThrow(TypeError);
  });

  test('of a folder that is missing, or of a file that is no database, throws at once and says so', async () => {
    const open = () => sqliteStore(join(folder, 'missing', 'revocations.db'));
    expect(open).toThrow(/^sqliteStore: .*: its folder must exist, and this process must be allowed to write there$/);
    expect(() => sqliteStore(folder)).toThrow('its folder must exist');
    await writeFile(path, 'This is no database, but it is long enough to be taken for one by somebody.'.repeat(20));
    expect(() => sqliteStore(path)).toThrow('sqliteStore: file is not a database');
  });
});

test('what was revoked is known right after a restart, in the same tick', async () => {
  await open().revoke({ subject: 'ada' });
  await opened.pop()?.close();
  const index = open();
  expect(index.available).toBe(true);
  expect(index.refusalFor(claimsBefore('ada'))).toBe('token-revoked');
  expect(index.refusalFor(claimsBefore('bob'))).toBeUndefined();
});

test('every revocation that resolved survives kill -9 of its process', async () => {
  const server = await startProcess();
  const stored: string[] = [];
  const storm = Array.from({ length: 400 }, async (_, number) => {
    const subject = `user-${number}`;
    if ((await server.revoke({ subject }).catch(String)) !== 'stored') return;
    stored.push(subject);
    if (stored.length === 50) await server.kill();
  });
  await Promise.all(storm);
  expect(stored.length).toBeGreaterThanOrEqual(50);
  expect(stored.length).toBeLessThan(400);
  const index = open();
  expect(stored.filter((subject) => index.refusalFor(claimsBefore(subject)) !== 'token-revoked')).toEqual([]);
});

test('processes on one file see what another one revokes', async () => {
  const [here, there] = await Promise.all([startProcess(), startProcess()]);
  const index = open();
  expect(await here.revoke({ subject: 'ada' })).toBe('stored');
  expect(await here.refusal('ada')).toBe('token-revoked');
  await expect.poll(() => there.refusal('ada'), soon).toBe('token-revoked');
  await expect.poll(() => index.refusalFor(claimsBefore('ada')), soon).toBe('token-revoked');
  await index.revoke({ subject: 'bob' });
  await expect.poll(() => here.refusal('bob'), soon).toBe('token-revoked');
  expect(await there.refusal('cyd')).toBe('none');
});

test('many processes may open a new file at once', async () => {
  const servers = await Promise.all(Array.from({ length: 5 }, startProcess));
  expect(await Promise.all(servers.map((server, number) => server.revoke({ subject: `user-${number}` })))).toEqual(
    servers.map(() => 'stored'),
  );
});

test('a file that another program keeps to itself cannot be opened', () => {
  const other = new DatabaseSync(path);
  other.exec('BEGIN EXCLUSIVE; CREATE TABLE documents (name TEXT)');
  expect(() => sqliteStore(path)).toThrow('locked');
  other.close();
  open();
});

test('a process that closed its revocations, or just has nothing more to do, ends by itself', async () => {
  const [closing, abandoning] = await Promise.all([startProcess(), startProcess()]);
  await closing.revoke({ subject: 'ada' });
  expect(await closing.leave('close')).toBe(0);
  expect(await abandoning.leave('abandon')).toBe(0);
});

test('a file that another program locks makes revoke() reject, with its effect in this process', async () => {
  const index = open();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  await expect(index.revoke({ subject: 'ada' })).rejects.toThrow('locked');
  expect(index.refusalFor(claimsBefore('ada'))).toBe('token-revoked');
  expect(index.available).toBe(true);
  other.close();
  await index.revoke({ subject: 'ada' });
  expect(open().refusalFor(claimsBefore('ada'))).toBe('token-revoked');
});

test('a table that cannot be read refuses, until it can be read again', async () => {
  const index = open();
  const states: string[] = [];
  index.onState((state) => states.push(state));
  await index.revoke({ subject: 'ada' });
  const other = new DatabaseSync(path);
  other.exec('ALTER TABLE hocuspass_revocations RENAME TO elsewhere');
  await expect.poll(() => index.available, soon).toBe(false);
  other.exec('ALTER TABLE elsewhere RENAME TO hocuspass_revocations');
  await expect.poll(() => index.available, soon).toBe(true);
  other.close();
  expect(states).toEqual(['lost', 'current']);
});

test('a table that was lost and made anew is read from its start', async () => {
  const index = open();
  for (const subject of ['ada', 'bob', 'cyd']) await index.revoke({ subject });
  const other = new DatabaseSync(path);
  other.exec('DROP TABLE hocuspass_revocations');
  await expect.poll(() => index.available, soon).toBe(false);
  await open().revoke({ subject: 'dan' });
  await expect.poll(() => index.refusalFor(claimsBefore('dan')), soon).toBe('token-revoked');
  expect(index.available).toBe(true);
  other.close();
});

test('the file is written ahead, so that readers and the writer do not wait for each other', () => {
  open();
  const other = new DatabaseSync(path);
  expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  other.close();
});

test.each<[string, (now: number) => number | string]>([
  ['cannot be read', (now) => now],
  ['can be read in no column', () => 'yesterday'],
])('a row that %s withdraws every token issued before it', async (_, writtenAt) => {
  const index = open();
  const other = new DatabaseSync(path);
  const insert = other.prepare('INSERT INTO hocuspass_revocations (target, at, until, entry) VALUES (?, ?, ?, ?)');
  const now = Date.now();
  insert.run('?', writtenAt(now), now + 60_000, '{"kind":"revoke","target":{"team":"x"},"at":1,"until":2}');
  other.close();
  await expect.poll(() => index.refusalFor(claimsBefore('ada')), soon).toBe('token-revoked');
  expect(index.refusalFor(sampleClaims({ subject: 'ada' }, (now + 1_000) / 1_000))).toBeUndefined();
  expect(index.available).toBe(true);
});

test('the file forgets what is over, and keeps one row for a target', async () => {
  const store = sqliteStore(path);
  opened.push(store);
  await store.append(revocationEntry({ subject: 'past' }, { at: Date.now() - 9e6, until: Date.now() - 4e6 }));
  for (let round = 0; round < 5; round += 1) await store.append(revocationEntry({ subject: 'ada' }));
  await store.append(revocationEntry({ subject: 'ada' }, { kind: 'renew' }));
  const other = new DatabaseSync(path);
  const rows = other.prepare('SELECT entry FROM hocuspass_revocations ORDER BY id').all();
  other.close();
  expect(rows.map(({ entry }) => JSON.parse(String(entry)).kind)).toEqual(['revoke', 'renew']);
});

test('a file may also hold the tables of the app', async () => {
  const app = new DatabaseSync(path);
  app.exec('CREATE TABLE documents (name TEXT)');
  await open().revoke({ subject: 'ada' });
  expect(app.prepare('SELECT count(*) AS count FROM documents').get()).toEqual({ count: 0 });
  app.close();
});
