import { join } from 'node:path';
import { Redis as RedisSync } from '@hocuspocus/extension-redis';
import type { Extension } from '@hocuspocus/server';
import type { Store } from 'express-rate-limit';
import type { RevocationStore } from 'hocuspass';
import { redisStore } from 'hocuspass/redis';
import { sqliteStore } from 'hocuspass/sqlite';
import { Redis } from 'ioredis';
import { RedisStore } from 'rate-limit-redis';

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
  const redis = new Redis(redisUrl);
  redis.on('error', (error) => console.error(`Redis: ${error.message}`));
  return {
    revocationStore: redisStore(redis),
    rateLimit: { store: new RedisStore({ sendCommand: (command, ...args) => toReply(redis.call(command, ...args)) }) },
    extensions: [new RedisSync(toConnection(new URL(redisUrl)))],
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

type Reply = boolean | number | string;

async function toReply(answer: Promise<unknown>): Promise<Reply | Reply[]> {
  const reply = await answer;
  return Array.isArray(reply) ? reply.map(toValue) : toValue(reply);
}

function toValue(value: unknown): Reply {
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
