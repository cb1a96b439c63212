import { describe, expect, test } from 'vitest';
import { redisStore } from '../../src/redis.ts';
import type { RevocationIndex } from '../../src/revocation/revocations.ts';
import { hasRedis } from '../support/redis-server.ts';
import { revocationEntry } from '../support/revocation-entry.ts';
import { sampleClaims } from '../support/sample-claims.ts';
import { soon } from '../support/soon.ts';
import { useRedis } from '../support/use-redis.ts';

const KEY = 'hocuspass:revocations';
const { startServer, connect, open, openCurrent, afterwards } = useRedis();

const claimsBefore = (subject: string) => sampleClaims({ subject }, Date.now() / 1_000 - 60);
const refuses = (index: RevocationIndex, subject: string): boolean =>
  index.refusalFor(claimsBefore(subject)) === 'token-revoked';

describe.skipIf(!hasRedis)('Redis', () => {
  test.each([
    ['an append-only file', true],
    ['an empty memory', false],
  ])(
    'a Redis killed while tokens are revoked, back with %s, has lost nothing that a process knows',
    async (_, appendOnly) => {
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
      await server.start();
      await expect.poll(() => [here.available, there.available], soon).toEqual([true, true]);
      await Promise.all(outcomes);
      await expect.poll(() => subjects.filter((subject) => !refuses(here, subject)), soon).toEqual([]);
      await expect.poll(() => subjects.filter((subject) => !refuses(there, subject)), soon).toEqual([]);
      const cold = await openCurrent(server);
      expect(subjects.filter((subject) => !refuses(cold, subject))).toEqual([]);
    },
  );

  test('a Redis that comes back older gets again what it lost, although others wrote to it first', async () => {
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
  });

  test('a stream that is deleted under an open connection gets again what it lost', async () => {
    const server = await startServer();
    const [redis, index] = [connect(server), await openCurrent(server)];
    await index.revoke({ subject: 'ada' });
    await redis.flushall();
    await expect.poll(() => redis.xlen(KEY), soon).toBe(1);
    const cold = await openCurrent(server);
    expect(refuses(cold, 'ada')).toBe(true);
    expect(index.available).toBe(true);
  });

  test('a Redis that answers nobody any more is lost, and appends to it reject', async () => {
    const server = await startServer();
    const index = await openCurrent(server, { maxRetriesPerRequest: null });
    afterwards(() => server.thaw());
    server.freeze();
    const rejected = expect(index.revoke({ subject: 'ada' })).rejects.toThrow('No answer within 5000 ms');
    expect(refuses(index, 'ada')).toBe(true);
    await expect.poll(() => index.available, soon).toBe(false);
    await rejected;
    server.thaw();
    await expect.poll(() => index.available, soon).toBe(true);
    expect(refuses(await openCurrent(server), 'ada')).toBe(true);
  });

  test('a Redis that is not there is lost from the start, and found when it comes', async () => {
    const server = await startServer();
    await server.kill();
    const index = open(connect(server, { maxRetriesPerRequest: null }));
    const states: string[] = [];
    index.onState((state) => states.push(state));
    const rejected = expect(index.revoke({ subject: 'ada' })).rejects.toThrow('No answer');
    await expect.poll(() => states, soon).toEqual(['lost']);
    await rejected;
    await server.start();
    await expect.poll(() => states, soon).toEqual(['lost', 'current']);
    await expect.poll(async () => refuses(await openCurrent(server), 'ada'), soon).toBe(true);
  });

  test('close() does not wait for a Redis that is down, or frozen', async () => {
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
  });

  test('a Redis that is full makes revoke() reject, and gets the entry when it has room', async () => {
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
  });

  test('a key that is no stream refuses, until it is one', async () => {
    const server = await startServer();
    const redis = connect(server);
    await redis.set(KEY, 'text');
    const index = open(redis);
    expect(await new Promise((resolve) => index.onState(resolve))).toBe('lost');
    expect(index.available).toBe(false);
    await redis.del(KEY);
    await expect.poll(() => index.available, soon).toBe(true);
  });

  test('a replica is not trusted', async () => {
    const [master, replica] = [await startServer(), await startServer()];
    const redis = connect(replica);
    await redis.replicaof('127.0.0.1', master.port);
    const index = open(redis);
    expect(await new Promise((resolve) => index.onState(resolve))).toBe('lost');
    await redis.replicaof('NO', 'ONE');
    await expect.poll(() => index.available, soon).toBe(true);
  });
});
