import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** Whether tests that need Redis can run here; with `REQUIRE_REDIS=1` they must. */
export const hasRedis: boolean =
  process.env.REQUIRE_REDIS === '1' || spawnSync('redis-server', ['--version']).status === 0;

if (!hasRedis) console.warn('Tests with Redis are skipped. To run them: apt-get install redis-server');

/** An address where Redis can be started, and started again. */
export interface RedisAddress {
  url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
}

export async function reserveRedis(): Promise<RedisAddress> {
  const port = await freePort();
  let child: ChildProcess | undefined;

  const kill = async (): Promise<void> => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    await new Promise((resolve) => {
      running.once('exit', resolve);
      running.kill('SIGKILL');
    });
  };
  const start = async (): Promise<void> => {
    const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '']);
    child = server;
    let said = '';
    server.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await until(() => said.includes('Ready to accept connections'), 'Redis is ready');
  };
  onTestFinished(kill);
  return { url: `redis://127.0.0.1:${port}`, start, kill };
}
