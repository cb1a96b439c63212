import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startApp, temporaryFolder } from './support/start-app.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

test('a port that is taken is answered with how to choose another', async () => {
  const { port } = new URL((await startApp()).url);
  const env = { ...process.env, PORT: port, DATA_DIR: await temporaryFolder() };
  const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
  expect(stderr).toBe(`Port ${port} is taken. Choose another: PORT=${Number(port) + 1} npm start\n`);
  expect(status).toBe(1);
});
