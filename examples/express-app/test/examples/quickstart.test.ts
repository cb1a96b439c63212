import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { openDocument } from '../support/open-document.ts';
import { spawnUntil } from '../support/spawn-until.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const QUICKSTART = join(ROOT, 'examples', 'quickstart');

test('the quickstart runs as its README says', { timeout: 90_000 }, async () => {
  const command = /^npm start --workspace quickstart$/m.exec(readFileSync(join(QUICKSTART, 'README.md'), 'utf8'));
  const [program = '', ...args] = command?.[0].split(' ') ?? [];
  const [port, collabPort] = [await freePort(), await freePort()];
  const env = { PORT: `${port}`, COLLAB_PORT: `${collabPort}` };
  await spawnUntil(program, args, { cwd: ROOT, env, says: /http:\/\/localhost:\d+\/\?as=ada/ });
  const url = `http://127.0.0.1:${port}`;

  const tokenOf = (username: string) => async () => {
    const response = await fetch(`${url}/collab/token?as=${username}`, { method: 'POST' });
    const { token } = await response.json();
    return typeof token === 'string' ? token : '';
  };
  const open = (username: string, name: string) =>
    openDocument(`ws://127.0.0.1:${collabPort}`, name, tokenOf(username));

  const [ada, ben] = [open('ada', 'team/plan'), open('ben', 'team/plan')];
  await Promise.all([ada.untilLevel('write'), ben.untilLevel('write')]);
  ada.write('Hello');
  await ben.untilText('Hello');
  await open('ben', 'team/handbook').untilLevel('read');
  await open('ben', 'ada/diary').untilRefused('document-forbidden');
  expect((await fetch(`${url}/collab/token?as=eve`, { method: 'POST' })).status).toBe(401);

  const page = await fetch(`${url}/?as=ada`);
  expect(await page.text()).toContain('./page.js');
  const script = await fetch(`${url}/page.js`);
  expect(await script.text()).toContain('keepAuthenticated');
});

test('its server is shorter than 60 lines', () => {
  expect(readFileSync(join(QUICKSTART, 'server.js'), 'utf8').split('\n').length).toBeLessThan(60);
});
