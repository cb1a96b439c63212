import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { redisStore } from '../../src/redis.ts';
import { memoryStore } from '../../src/revocation/memory-store.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { hasRedis, RedisServer } from '../support/redis-server.ts';
import { describeStore } from './store-conformance.ts';

let server: RedisServer | undefined;

beforeAll(async () => {
  if (hasRedis) server = await RedisServer.start();
});
afterAll(() => server?.stop());

describeStore('memory', async () => {
  const store = memoryStore();
  return { open: () => store, remove: async () => {} };
});

describeStore('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sqlite-'));
  return {
    open: () => sqliteStore(join(folder, 'revocations.db')),
    remove: () => rm(folder, { recursive: true }),
  };
});

describeRedis('Redis', (url) => new Redis(url));
describeRedis(
  'Redis (keyPrefix, RESP2, automatic pipelines)',
  (url) => new Redis(url, { keyPrefix: 'app:', protocol: 2, enableAutoPipelining: true, commandTimeout: 500 }),
);
describeRedis('Redis (RESP3 replies)', (url) => new Redis(url, { replyMapping: 'resp3' }));

function describeRedis(name: string, connect: (url: string) => Redis): void {
  describeStore(
    name,
    async () => {
      const clients: Redis[] = [];
      return {
        open: () => {
          const client = connect(server?.url ?? '');
          clients.push(client);
          return redisStore(client);
        },
        remove: async () => {
          await clients[0]?.flushall();
          await Promise.all(clients.map((client) => client.quit()));
        },
      };
    },
    !hasRedis,
  );
}
