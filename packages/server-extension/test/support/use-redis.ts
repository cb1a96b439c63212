import { Redis, type RedisOptions } from 'ioredis';
import { afterEach } from 'vitest';
import { redisStore } from '../../src/redis.ts';
import { createRevocations } from '../../src/revocation/create-revocations.ts';
import { toRevocationIndex } from '../../src/revocation/revocation-index.ts';
import type { RevocationIndex } from '../../src/revocation/revocations.ts';
import { RedisServer } from './redis-server.ts';
import { RevocationProcess } from './revocation-process.ts';

type ClientOptions = Pick<
  RedisOptions,
  'maxRetriesPerRequest' | 'retryStrategy' | 'username' | 'password' | 'enableReadyCheck' | 'enableOfflineQueue'
>;

/** Servers, clients and revocations for one test; all are gone after it. */
export interface RedisUse {
  startServer(options?: { appendOnly?: boolean }): Promise<RedisServer>;
  connect(server: { port: number }, options?: ClientOptions): Redis;
  /** Revocations on a Redis that may be missing. */
  open(redis: Redis, key?: string): RevocationIndex;
  /** Revocations that have read everything. */
  openCurrent(server: { port: number }, options?: ClientOptions): Promise<RevocationIndex>;
  startProcess(server: { url: string }): Promise<RevocationProcess>;
  /** Runs after the test, the last one first. */
  afterwards(cleanup: () => unknown): void;
}

/** For files whose tests run one after another. */
export function useRedis(): RedisUse {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return createRedisUse(cleanups);
}

/** What is to be cleaned up is put into `cleanups`, to be called from the last one to the first. */
export function createRedisUse(cleanups: (() => unknown)[]): RedisUse {
  const use: RedisUse = {
    async startServer(options) {
      const server = await RedisServer.start(options);
      cleanups.push(() => server.stop());
      return server;
    },
    connect({ port }, options = {}) {
      const redis = new Redis({ port, retryStrategy: () => 50, ...options });
      redis.on('error', () => {});
      cleanups.push(() => redis.disconnect());
      return redis;
    },
    open(redis, key) {
      const index = toRevocationIndex(createRevocations({ store: redisStore(redis, { key }) }));
      cleanups.push(() => index.close());
      return index;
    },
    async openCurrent(server, options) {
      const index = use.open(use.connect(server, options));
      while (!index.available) await new Promise((resolve) => index.onState(resolve));
      return index;
    },
    async startProcess({ url }) {
      const started = await RevocationProcess.start(url);
      cleanups.push(() => started.kill());
      return started;
    },
    afterwards(cleanup) {
      cleanups.push(cleanup);
    },
  };
  return use;
}
