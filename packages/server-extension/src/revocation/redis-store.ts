import type { Redis } from 'ioredis';
import { checkOptions } from '../core/options.ts';
import type { RevocationStore } from './revocation-store.ts';
import { StreamFollower } from './stream-follower.ts';
import { StreamLog } from './stream-log.ts';
import { within } from './within.ts';

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** The key of the stream. Servers that share revocations share it. @default 'hocuspass:revocations' */
  key?: string | undefined;
}

const APPEND_LIMIT = 5_000;

/**
 * Keeps revocations in one Redis stream, which is both the record and the broadcast. Needs Redis 6.2 or newer.
 * Appends on `redis`, which stays the caller's to close, and follows on a duplicate of it. An append that Redis does
 * not answer within 5 seconds rejects, whatever the retry settings of `redis`; this process then keeps trying.
 *
 * @example
 * const redis = new Redis(process.env.REDIS_URL);
 * const revocations = createRevocations({ store: redisStore(redis) });
 */
export function redisStore(redis: Redis, options: RedisStoreOptions = {}): RevocationStore {
  checkOptions('redisStore', options, ['key']);
  const { key = 'hocuspass:revocations' } = options;
  if (typeof key !== 'string' || key === '') throw new TypeError('redisStore: "key" must be a text, not empty');
  if (!isSingleRedis(redis))
    throw new TypeError('redisStore: the first argument must be a Redis of ioredis, no Cluster');

  const log = new StreamLog(key);
  const followers = new Set<StreamFollower>();
  return {
    async append(entry) {
      const settle = log.begin(entry);
      try {
        await within(APPEND_LIMIT, redis.call('xadd', log.lineFor(entry)));
      } finally {
        settle();
      }
    },
    follow(_from, onEntry, onState) {
      const follower = new StreamFollower(redis, log, onEntry, onState);
      followers.add(follower);
      return () => {
        void follower.stop().then(() => followers.delete(follower));
      };
    },
    async close() {
      await Promise.all([...followers].map((follower) => follower.stop()));
    },
  };
}

function isSingleRedis(redis: unknown): redis is Redis {
  if (typeof redis !== 'object' || redis === null || Reflect.get(redis, 'isCluster') === true) return false;
  return ['call', 'duplicate'].every((name) => typeof Reflect.get(redis, name) === 'function');
}
