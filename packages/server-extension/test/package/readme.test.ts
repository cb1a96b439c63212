import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { HocuspocusProvider } from '@hocuspocus/provider';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenSource, keepAuthenticated } from '../../src/client.ts';
import { untilTrue } from '../support/until.ts';

const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
const [example = ''] = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Runs the example as it stands, on other ports, and where its packages can be found. */
async function runExample() {
  const [collaboration, http] = [await findFreePort(), await findFreePort()];
  const folder = mkdtempSync(join(import.meta.dirname, 'readme-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const code = example.replace('port: 1234', `port: ${collaboration}`).replace('listen(3000)', `listen(${http})`);
  expect(code).toContain(String(collaboration));
  expect(code).toContain(`listen(${http})`);
  writeFileSync(join(folder, 'server.ts'), code);
  const env = { ...process.env, COLLAB_SECRET: 'a secret that only this test knows 0123456789' };
  const child = spawn('node', ['server.ts'], { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${http}`;
  let isUp = false;
  const poll = setInterval(
    () =>
      fetch(url).then(
        () => (isUp = true),
        () => {},
      ),
    50,
  );
  await untilTrue(() => isUp, 'the example answers', 15);
  clearInterval(poll);
  return { url, webSocketUrl: `ws://127.0.0.1:${collaboration}` };
}

test('the example of the README has 25 lines, and really runs', async () => {
  expect(example.split('\n').filter((line) => line.trim() !== '')).toHaveLength(25);
  const { url, webSocketUrl } = await runExample();
  const headers = { 'x-user': 'ada' };
  const tokens = createTokenSource({ url: `${url}/collab/token`, request: { headers } });
  const provider = new HocuspocusProvider({ url: webSocketUrl, name: 'ada/notes', token: tokens });
  onTestFinished(() => provider.destroy());
  const auth = keepAuthenticated(provider, tokens);
  await untilTrue(() => auth.getSnapshot().status === 'authenticated', 'the browser is in');
  await untilTrue(() => auth.getSnapshot().level === 'write', 'the level is announced');

  const authorization = `Bearer ${await tokens()}`;
  const allowed = await fetch(`${url}/documents/handbook/holidays`, { headers: { authorization } });
  expect(await allowed.json()).toEqual({ readBy: 'ada' });
  const forbidden = await fetch(`${url}/documents/ben/diary`, { headers: { authorization } });
  expect(forbidden.status).toBe(403);
  expect((await fetch(`${url}/collab/token`, { method: 'POST' })).status).toBe(401);

  const closes: string[] = [];
  provider.on('close', ({ event }: { event: { reason: string } }) => closes.push(event.reason));
  expect((await fetch(`${url}/logout`, { method: 'POST', headers })).status).toBe(204);
  await untilTrue(() => closes.includes('token-revoked'), 'the logout ends the open connection');
  expect((await fetch(`${url}/documents/handbook/holidays`, { headers: { authorization } })).status).toBe(401);
}, 40_000);
