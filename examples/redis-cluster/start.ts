import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const { PORTS = '3001 3002', DATA_DIR = join(import.meta.dirname, 'data') } = process.env;
const children: ChildProcess[] = [];
let isStopping = false;

mkdirSync(DATA_DIR, { recursive: true });
const redisUrl = process.env.REDIS_URL || (await startRedis());
for (const port of PORTS.split(' ')) startApp(port, redisUrl);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);

/** The append-only file keeps what was revoked over a restart of Redis, too. */
async function startRedis(): Promise<string> {
  const port = await freePort();
  start('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', DATA_DIR, '--appendonly', 'yes']);
  await untilListening(port);
  return `redis://127.0.0.1:${port}`;
}

/** Both servers share the data directory, and with it accounts, sessions, documents and the secret. */
function startApp(port: string, redisUrl: string): void {
  const main = fileURLToPath(import.meta.resolve('express-app/src/main.ts'));
  start(process.execPath, [main], { PORT: port, DATA_DIR, REDIS_URL: redisUrl });
}

function start(program: string, args: string[], env: Record<string, string> = {}): void {
  const stdio = program === 'redis-server' ? 'ignore' : 'inherit';
  // In a group of its own, so that Ctrl-C reaches this process alone, which stops the others in their order.
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio,
    detached: process.platform !== 'win32',
  });
  children.push(child);
  child.on('error', () => {
    console.error(
      `${program} cannot be started. Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis`,
    );
    process.exitCode = 1;
    stop();
  });
  child.on('exit', () => {
    if (!isStopping) process.exitCode = 1;
    stop();
  });
}

/** The servers first, because they store what is unsaved; then Redis. */
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (const child of children.toReversed()) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) continue;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }
  process.exit();
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 6379));
    });
  });
}

async function untilListening(port: number): Promise<void> {
  while (!isStopping) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await setTimeout(20);
  }
}
