import { test as base, type TestAPI } from 'vitest';
import { createRedisUse, type RedisUse } from './use-redis.ts';

/** A test that is given `redis`: its own servers, clients and revocations. May run beside others of its kind. */
export const testWithRedis: TestAPI<{ redis: RedisUse }> = base.extend<{ redis: RedisUse }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures this one needs
  redis: async ({}, run) => {
    const cleanups: (() => unknown)[] = [];
    await run(createRedisUse(cleanups));
    for (const cleanup of cleanups.reverse()) await cleanup();
  },
});
