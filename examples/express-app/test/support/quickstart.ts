import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { spawnUntil } from './spawn-until.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const QUICKSTART = join(ROOT, 'examples', 'quickstart');

/** Runs the line of the quickstart's README. */
export async function startQuickstart(): Promise<{ url: string; collabUrl: string }> {
  const command = /^npm start --workspace quickstart$/m.exec(readFileSync(join(QUICKSTART, 'README.md'), 'utf8'));
  const [program = '', ...args] = command?.[0].split(' ') ?? [];
  const [port, collabPort] = [await freePort(), await freePort()];
  const env = { PORT: `${port}`, COLLAB_PORT: `${collabPort}` };
  await spawnUntil(program, args, { cwd: ROOT, env, says: /http:\/\/localhost:\d+\/\?as=ada/ });
  return { url: `http://127.0.0.1:${port}`, collabUrl: `ws://127.0.0.1:${collabPort}` };
}
