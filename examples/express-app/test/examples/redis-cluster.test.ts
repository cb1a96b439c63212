import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { openDocument } from '../support/open-document.ts';
import { signIn } from '../support/person.ts';
import { hasRedis } from '../support/redis.ts';
import { spawnUntil } from '../support/spawn-until.ts';
import { temporaryFolder } from '../support/start-app.ts';

const CLUSTER = join(import.meta.dirname, '..', '..', '..', 'redis-cluster');

test.skipIf(!hasRedis)('two servers behind one Redis are one place', { timeout: 60_000 }, async () => {
  const ports = [await freePort(), await freePort()];
  const env = { PORTS: ports.join(' '), DATA_DIR: await temporaryFolder(), TOKEN_REQUESTS_PER_MINUTE: '6' };
  const cluster = await spawnUntil(process.execPath, ['start.ts'], {
    cwd: CLUSTER,
    env,
    says: /(editor is at[\s\S]*){2}/,
  });
  const [first = '', second = ''] = ports.map((port) => `127.0.0.1:${port}`);

  const [ada, ben] = [await signIn(`http://${first}`, 'ada'), await signIn(`http://${second}`, 'ben')];
  const hers = openDocument(`ws://${first}/collab`, 'team/plan', ada.token);
  const his = openDocument(`ws://${second}/collab`, 'team/plan', ben.token);
  await Promise.all([hers.untilLevel('write'), his.untilLevel('write')]);
  hers.write('From the first');
  await his.untilText('From the first');
  his.write('From the second');
  await hers.untilText('From the second');

  const body = { subject: 'ben', level: 'read' };
  await ada.withToken('/api/documents/team/plan/access', { method: 'PUT', body });
  await his.untilLevel('read');
  await ben.fetch('/auth/logout', { method: 'POST' });
  await his.untilRefused('signed-out');

  // Both count for the same person.
  const again = await signIn(`http://${second}`, 'ada');
  const statuses = [];
  for (let i = 0; i < 7; i++) statuses.push((await again.fetch('/collab/token', { method: 'POST' })).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(1);

  expect(await cluster.stop('SIGINT')).toBe(0);
  expect(
    await fetch(`http://${first}/healthz`).then(
      () => 'up',
      () => 'down',
    ),
  ).toBe('down');
});
