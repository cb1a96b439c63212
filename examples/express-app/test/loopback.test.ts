import { spawn } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from './support/free-port.ts';
import { temporaryFolder } from './support/start-app.ts';
import { until } from './support/until.ts';

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

/** An address of this machine that others can reach, too. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

async function answersAt(host: string | undefined): Promise<{ outside: boolean }> {
  const port = await freePort();
  const env = { ...process.env, PORT: `${port}`, HOST: host, DATA_DIR: await temporaryFolder() };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const answers = (address: string) =>
    fetch(`http://${address}:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(() => answers('127.0.0.1'), 'the server answers');
  return { outside: await answers(outside ?? '') };
}

test.skipIf(outside === undefined)('the app answers on this machine only, unless HOST says otherwise', async () => {
  expect(await answersAt(undefined)).toEqual({ outside: false });
  expect(await answersAt('0.0.0.0')).toEqual({ outside: true });
});
