import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from './support/free-port.ts';
import { openDocument } from './support/open-document.ts';
import { signIn } from './support/person.ts';
import { temporaryFolder } from './support/start-app.ts';
import { until } from './support/until.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

interface ServerProcess {
  url: string;
  collabUrl: string;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

async function startProcess(dataDir: string, port: number): Promise<ServerProcess> {
  const env = { ...process.env, PORT: `${port}`, DATA_DIR: dataDir, TOKEN_REQUESTS_PER_MINUTE: '1000' };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  onTestFinished(async () => {
    await end(child, 'SIGKILL');
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = () =>
    fetch(`${url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(isUp, 'the server answers');
  return { url, collabUrl: `ws://127.0.0.1:${port}/collab`, end: (signal) => end(child, signal) };
}

function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill(signal);
  });
}

test('SIGTERM stores what is unsaved and exits', async () => {
  const [dataDir, port] = [await temporaryFolder(), await freePort()];
  const first = await startProcess(dataDir, port);
  const ada = await signIn(first.url, 'ada');
  const open = openDocument(first.collabUrl, 'team/plan', ada.token);
  await open.untilLevel('write');
  open.write('The last word');
  await open.untilSaved();
  expect(await first.end('SIGTERM')).toBe(0);
  open.provider.destroy();

  const { url } = await startProcess(dataDir, port);
  const { content } = await (await (await signIn(url, 'ada')).withToken('/api/documents/team/plan')).json();
  expect(JSON.stringify(content)).toContain('The last word');
});

test('a killed server comes back, and what was typed meanwhile arrives', async () => {
  const [dataDir, port] = [await temporaryFolder(), await freePort()];
  const first = await startProcess(dataDir, port);
  const [ada, ben] = [await signIn(first.url, 'ada'), await signIn(first.url, 'ben')];
  const hers = openDocument(first.collabUrl, 'team/plan', ada.token);
  await hers.untilLevel('write');
  hers.write('Before');
  await hers.untilSaved();
  await first.end('SIGKILL');
  hers.write('Meanwhile');

  const second = await startProcess(dataDir, port);
  const his = openDocument(second.collabUrl, 'team/plan', ben.token);
  await his.untilText('Before');
  await his.untilText('Meanwhile');
});

test('the secret is generated once, for its owner’s eyes only', async () => {
  const dataDir = await temporaryFolder();
  const first = await startProcess(dataDir, await freePort());
  const token = await (await signIn(first.url, 'ada')).token();
  const { mode } = statSync(join(dataDir, 'collab-secret'));
  expect(mode & 0o777).toBe(0o600);
  await first.end('SIGKILL');

  const second = await startProcess(dataDir, await freePort());
  const response = await (await signIn(second.url)).withToken('/api/documents', { token });
  expect(response.status).toBe(200);
});
