import { join } from 'node:path';
import { Redis as RedisSync } from '@hocuspocus/extension-redis';
import type { Extension } from '@hocuspocus/server';
import type { Store } from 'express-rate-limit';
import type { RevocationStore } from 'hocuspass';
import { redisStore } from 'hocuspass/redis';
import { sqliteStore } from 'hocuspass/sqlite';
import { Redis } from 'ioredis';
import { createRateLimitStore } from './rate-limit-store.ts';

/** What differs between one server and many. */
export interface Deployment {
  revocationStore: RevocationStore;
  /** Options of express-rate-limit. */
  rateLimit: { store?: Store };
  extensions: Extension[];
  close(): Promise<void>;
}

/** One server: revocations survive a restart in SQLite, the rest is in memory. */
export function oneServer(dataDir: string): Deployment {
  return {
    revocationStore: sqliteStore(join(dataDir, 'revocations.db')),
    rateLimit: {},
    extensions: [],
    close: async () => {},
  };
}

/** Many servers behind one Redis, which carries revocations, edits and rate limits. */
export function manyServers(redisUrl: string): Deployment {
  // An answer within a moment, or none: nobody waits for a token while Redis is out.
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 });
  const sync = new RedisSync(toConnection(new URL(redisUrl)));
  for (const client of [redis, sync.pub, sync.sub])
    client.on('error', (error: Error) => console.error('Redis:', error.message));
  return {
    revocationStore: redisStore(redis),
    rateLimit: { store: createRateLimitStore(redis) },
    extensions: [sync],
    close: async () => redis.disconnect(),
  };
}

/** The sync extension brings an ioredis of its own, so it gets an address and not our connection. */
function toConnection({ hostname, port, username, password, pathname, protocol }: URL) {
  return {
    host: hostname,
    port: Number(port || 6379),
    options: {
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      db: Number(pathname.slice(1) || 0),
      ...(protocol === 'rediss:' && { tls: {} }),
    },
  };
}
