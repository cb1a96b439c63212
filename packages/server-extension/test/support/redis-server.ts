import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.env.REDIS_SERVER ?? 'redis-server';

/** Whether the tests that need Redis can run here. Throws where they must: with `REQUIRE_REDIS=1`. */
export const hasRedis: boolean = await findRedis();

/** A real Redis on a free port of this machine, that can be stopped, killed and started again on the same port. */
export class RedisServer {
  readonly port: number;
  readonly url: string;
  readonly #folder: string;
  readonly #appendOnly: boolean;
  #child: ChildProcess | undefined;

  /** `appendOnly`: what it was told survives a kill. Without, it comes back empty. @default false */
  static async start({ appendOnly = false }: { appendOnly?: boolean } = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), 'redis-')), appendOnly);
    await server.start();
    return server;
  }

  private constructor(port: number, folder: string, appendOnly: boolean) {
    this.port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#folder = folder;
    this.#appendOnly = appendOnly;
  }

  /** Starts it (again) with what its folder holds; resolves when it answers. */
  async start(...more: readonly string[]): Promise<void> {
    const persistence = this.#appendOnly ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
    const place = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#folder, '--save', ''];
    const child = spawn(program, [...place, ...persistence, ...more], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
      child.stdout.on('data', (chunk) => {
        if (String(chunk).includes('Ready to accept connections')) resolve();
      });
    });
  }

  /** Ends it with SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** It keeps its connections and answers nobody: what a cut cable looks like. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Ends it, and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = toAddress(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

function toAddress(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('The socket has no port');
  return address;
}

async function findRedis(): Promise<boolean> {
  const child = spawn(program, ['--version'], { stdio: 'ignore' });
  const found = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
  if (found) return true;
  const message = 'redis-server is not installed: apt-get install redis-server';
  if (process.env.REQUIRE_REDIS === '1') throw new Error(message);
  console.warn(`The tests with Redis are skipped. ${message}`);
  return false;
}
