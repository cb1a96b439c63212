import { describe } from 'vitest';
import { redisStore } from '../../src/redis.ts';
import type { RevocationIndex } from '../../src/revocation/revocations.ts';
import { hasRedis } from '../support/redis-server.ts';
import { revocationEntry } from '../support/revocation-entry.ts';
import { sampleClaims } from '../support/sample-claims.ts';
import { soon } from '../support/soon.ts';
import { testWithRedis } from '../support/test-with-redis.ts';

const KEY = 'hocuspass:revocations';

const claimsBefore = (subject: string) => sampleClaims({ subject }, Date.now() / 1_000 - 60);
const refuses = (index: RevocationIndex, subject: string): boolean =>
  index.refusalFor(claimsBefore(subject)) === 'token-revoked';

describe.skipIf(!hasRedis)('Redis', () => {
  testWithRedis.concurrent.for([
    { back: 'an append-only file', appendOnly: true },
    { back: 'an empty memory', appendOnly: false },
  ])(
    'a Redis killed while tokens are revoked, back with $back, has lost nothing that a process knows',
    async ({ appendOnly }, { expect, redis: { startServer, openCurrent } }) => {
      const server = await startServer({ appendOnly });
      const [here, there] = [await openCurrent(server), await openCurrent(server)];
      const subjects = Array.from({ length: 300 }, (_, number) => `user-${number}`);
      const outcomes: Promise<'stored' | 'rejected'>[] = [];
      for (const [number, subject] of subjects.entries()) {
        const stored = (number % 2 === 0 ? here : there).revoke({ subject });
        outcomes.push(
          stored.then(
            () => 'stored' as const,
            () => 'rejected' as const,
          ),
        );
        if (number % 10 === 0) await new Promise(setImmediate);
        if (number === 150) {
          await server.kill();
          await expect.poll(() => [here.available, there.available], soon).toEqual([false, false]);
        }
      }
      for (const [number, subject] of subjects.entries()) {
        expect(refuses(number % 2 === 0 ? here : there, subject)).toBe(true);
      }
      const letIn = [here, there].map(
        (index) =>
          new Promise((resolve) => {
            index.onState(() => resolve(subjects.filter((subject) => !refuses(index, subject))));
          }),
      );
      await server.start();
      expect(await Promise.all(letIn)).toEqual([[], []]);
      await Promise.all(outcomes);
      const cold = await openCurrent(server);
      expect(subjects.filter((subject) => !refuses(cold, subject))).toEqual([]);
    },
  );

  testWithRedis.concurrent(
    'a Redis that comes back older gets again what it lost, although others wrote to it first',
    async ({ expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      const [redis, index] = [connect(server), await openCurrent(server)];
      await index.revoke({ subject: 'ada' });
      await redis.call('save');
      await index.revoke({ subject: 'bob' });
      await server.kill();
      await server.start();
      await redisStore(redis).append(revocationEntry({ subject: 'cyd' }));
      await expect.poll(() => refuses(index, 'cyd'), soon).toBe(true);
      await expect.poll(async () => JSON.stringify(await redis.xrange(KEY, '-', '+')), soon).toMatch(/ada.*cyd.*bob/);
    },
  );

  testWithRedis.concurrent(
    'a stream that is deleted under an open connection gets again what it lost',
    async ({ expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      const [redis, index] = [connect(server), await openCurrent(server)];
      await index.revoke({ subject: 'ada' });
      await redis.flushall();
      await expect.poll(() => redis.xlen(KEY), soon).toBe(1);
      const cold = await openCurrent(server);
      expect(refuses(cold, 'ada')).toBe(true);
      expect(index.available).toBe(true);
    },
  );

  testWithRedis.concurrent(
    'thousands of entries that Redis has lost come back about once, however many servers know them',
    async ({ expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      const redis = connect(server);
      const indexes = await Promise.all(Array.from({ length: 4 }, () => openCurrent(server)));
      const subjects = Array.from({ length: 5_000 }, (_, number) => `user-${number}`);
      await Promise.all(subjects.map((subject) => indexes[0]?.revoke({ subject })));
      await expect.poll(() => indexes.every((index) => refuses(index, 'user-4999')), soon).toBe(true);
      await server.kill();
      await expect.poll(() => indexes.some((index) => index.available), soon).toBe(false);
      await server.start();
      await expect.poll(() => indexes.every((index) => index.available), soon).toBe(true);
      expect(await redis.xlen(KEY)).toBeLessThan(15_000);
      const cold = await openCurrent(server);
      expect(subjects.filter((subject) => !refuses(cold, subject))).toEqual([]);
    },
  );

  testWithRedis.concurrent(
    'a Redis that answers nobody any more is lost, and appends to it reject',
    async ({ expect, redis: { startServer, openCurrent, afterwards } }) => {
      const server = await startServer();
      const index = await openCurrent(server, { maxRetriesPerRequest: null });
      afterwards(() => server.thaw());
      server.freeze();
      const rejected = expect(index.revoke({ subject: 'ada' })).rejects.toThrow(
        'redisStore: no answer from Redis within 5 seconds',
      );
      expect(refuses(index, 'ada')).toBe(true);
      await expect.poll(() => index.available, soon).toBe(false);
      await rejected;
      server.thaw();
      await expect.poll(() => index.available, soon).toBe(true);
      expect(refuses(await openCurrent(server), 'ada')).toBe(true);
    },
  );

  testWithRedis.concurrent(
    'a Redis that is not there is lost from the start, and found when it comes',
    async ({ expect, redis: { startServer, connect, open, openCurrent } }) => {
      const server = await startServer();
      await server.kill();
      const index = open(connect(server, { maxRetriesPerRequest: null }));
      const states: string[] = [];
      index.onState((state) => states.push(state));
      const rejected = expect(index.revoke({ subject: 'ada' })).rejects.toThrow('no answer from Redis');
      await expect.poll(() => states, soon).toEqual(['lost']);
      await rejected;
      await server.start();
      await expect.poll(() => states, soon).toEqual(['lost', 'current']);
      await expect.poll(async () => refuses(await openCurrent(server), 'ada'), soon).toBe(true);
    },
  );

  testWithRedis.concurrent(
    'what was revoked meanwhile reaches the others, although the connection of the app is not back yet',
    async ({ expect, redis: { startServer, openCurrent } }) => {
      const server = await startServer();
      const [here, there] = [await openCurrent(server, { retryStrategy: () => 60_000 }), await openCurrent(server)];
      await server.kill();
      await expect.poll(() => [here.available, there.available], soon).toEqual([false, false]);
      const rejected = expect(here.revoke({ subject: 'ada' })).rejects.toThrow('no answer from Redis');
      await server.start();
      await expect.poll(() => there.available, soon).toBe(true);
      expect(refuses(there, 'ada')).toBe(true);
      await rejected;
    },
  );

  testWithRedis.concurrent(
    'what another one appends a moment after Redis is back is known before anybody is let in',
    async ({ expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      const [redis, index] = [connect(server), await openCurrent(server)];
      await server.kill();
      await expect.poll(() => index.available, soon).toBe(false);
      const letIn = new Promise((resolve) => index.onState(() => resolve(!refuses(index, 'ada'))));
      await server.start();
      await expect.poll(() => redis.client('LIST'), soon).toContain('cmd=xread');
      await redisStore(redis).append(revocationEntry({ subject: 'ada' }));
      expect(await letIn).toBe(false);
    },
  );

  testWithRedis.concurrent(
    'close() does not wait for a Redis that is down, or frozen',
    async ({ expect, redis: { startServer, connect, open, openCurrent, afterwards } }) => {
      const server = await startServer();
      const down = open(connect({ port: 1 }));
      const lost = new Promise((resolve) => down.onState(resolve));
      await lost;
      const open1 = await openCurrent(server);
      afterwards(() => server.thaw());
      server.freeze();
      const connecting = open(connect(server));
      const start = performance.now();
      await Promise.all([down.close(), open1.close(), connecting.close()]);
      expect(performance.now() - start).toBeLessThan(2_000);
    },
  );

  testWithRedis.concurrent(
    'a Redis that is full makes revoke() reject, and gets the entry when it has room',
    async ({ expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      const [redis, index] = [connect(server), await openCurrent(server)];
      await redis.config('SET', 'maxmemory', '1');
      await expect(index.revoke({ subject: 'ada' })).rejects.toThrow('OOM');
      await expect
        .poll(async () => /cmdstat_xadd:.*rejected_calls=[2-9]/.test(await redis.info('commandstats')), soon)
        .toBe(true);
      expect(index.available).toBe(true);
      expect(await redis.xlen(KEY)).toBe(0);
      await redis.config('SET', 'maxmemory', '0');
      await expect.poll(() => redis.xlen(KEY), soon).toBe(1);
    },
  );

  testWithRedis.concurrent(
    'a key that is no stream refuses, until it is one',
    async ({ expect, redis: { startServer, connect, open } }) => {
      const server = await startServer();
      const redis = connect(server);
      await redis.set(KEY, 'text');
      const index = open(redis);
      expect(await new Promise((resolve) => index.onState(resolve))).toBe('lost');
      expect(index.available).toBe(false);
      await redis.del(KEY);
      await expect.poll(() => index.available, soon).toBe(true);
    },
  );

  testWithRedis.concurrent('a replica is not trusted', async ({ expect, redis: { startServer, connect, open } }) => {
    const [master, replica] = [await startServer(), await startServer()];
    const redis = connect(replica);
    await redis.replicaof('127.0.0.1', master.port);
    const index = open(redis);
    expect(await new Promise((resolve) => index.onState(resolve))).toBe('lost');
    await redis.replicaof('NO', 'ONE');
    await expect.poll(() => index.available, soon).toBe(true);
  });
});
