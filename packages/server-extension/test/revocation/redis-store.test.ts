import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
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

describe('what is given', () => {
  const redis = new Redis({ lazyConnect: true });

  test.each([
    [undefined],
    [null],
    ['redis://127.0.0.1'],
    [{}],
    [{ call() {} }],
    [Object.assign(new Redis({ lazyConnect: true }), { isCluster: true })],
  ])('%s instead of a Redis is a TypeError', (wrong) => {
    expect(() => Reflect.apply(redisStore, undefined, [wrong])).toThrow('redisStore: the first argument');
    expect(() => Reflect.apply(redisStore, undefined, [wrong])).toThrow(TypeError);
  });

  test.each([
    [{ key: '' }, '"key"'],
    [{ key: 7 }, '"key"'],
    [{ prefix: 'x' }, 'unknown option "prefix"'],
    ['x', 'options must be an object'],
  ])('the options %j are a TypeError', (options, message) => {
    expect(() => Reflect.apply(redisStore, undefined, [redis, options])).toThrow(message);
  });
});

describe.skipIf(!hasRedis)('on a real Redis', () => {
  testWithRedis.concurrent(
    'the stream has the default key, or the one that is given',
    async ({ expect, redis: { startServer, connect, open } }) => {
      const server = await startServer();
      const redis = connect(server);
      await redisStore(redis).append(revocationEntry({ subject: 'ada' }));
      await redisStore(redis, { key: 'other' }).append(revocationEntry({ subject: 'bob' }));
      expect(await redis.keys('*')).toEqual(expect.arrayContaining([KEY, 'other']));
      const index = open(redis, 'other');
      await expect.poll(() => refuses(index, 'bob'), soon).toBe(true);
      expect(refuses(index, 'ada')).toBe(false);
    },
  );

  testWithRedis.concurrent(
    'close() leaves the Redis of the caller open, and nothing else',
    async ({ expect, redis: { startServer, connect, open } }) => {
      const server = await startServer();
      const redis = connect(server);
      const index = open(redis);
      await expect.poll(() => index.available, soon).toBe(true);
      await index.close();
      await expect
        .poll(
          async () =>
            String(await redis.client('LIST'))
              .trim()
              .split('\n').length,
          soon,
        )
        .toBe(1);
      expect(await redis.ping()).toBe('PONG');
    },
  );

  testWithRedis.concurrent(
    'a process that closed its revocations ends by itself',
    async ({ expect, redis: { startServer, startProcess } }) => {
      const server = await startServer();
      const closing = await startProcess(server);
      expect(await closing.revoke({ subject: 'ada' })).toBe('stored');
      expect(await closing.leave()).toBe(0);
    },
  );

  testWithRedis.concurrent(
    'processes on one Redis see what another one revokes',
    async ({ expect, redis: { startServer, startProcess } }) => {
      const server = await startServer();
      const [here, there] = await Promise.all([startProcess(server), startProcess(server)]);
      expect(await here.revoke({ subject: 'ada' })).toBe('stored');
      await expect.poll(() => there.refusal('ada'), soon).toBe('token-revoked');
      expect(await there.refusal('bob')).toBe('none');
    },
  );

  testWithRedis.concurrent(
    'a user who may use the stream alone is enough',
    async ({ expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      await connect(server).acl(
        'SETUSER',
        'collab',
        'on',
        '>pass',
        '~hocuspass:*',
        '+xadd',
        '+xread',
        '+xrange',
        '+ping',
      );
      const index = await openCurrent(server, { username: 'collab', password: 'pass', enableReadyCheck: false });
      await index.revoke({ subject: 'ada' });
      expect(refuses(await openCurrent(server), 'ada')).toBe(true);
    },
  );

  testWithRedis.concurrent.for([
    { line: 'no JSON', fields: ['entry', 'ada left'] },
    { line: 'another kind', fields: ['entry', '{"kind":"ban","target":{"subject":"ada"},"at":1,"until":2}'] },
    { line: 'an unknown part', fields: ['entry', '{"kind":"revoke","target":{"team":"x"},"at":1,"until":2}'] },
    { line: 'another field', fields: ['note', 'x'] },
  ])(
    'a line that cannot be read ($line) withdraws every token issued before it',
    async ({ fields }, { expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      const [redis, index] = [connect(server), await openCurrent(server)];
      const heard: unknown[] = [];
      index.onEntry(({ target }) => heard.push(target));
      await redis.xadd(KEY, '*', ...fields);
      await expect.poll(() => refuses(index, 'ada'), soon).toBe(true);
      expect(heard).toEqual([{}]);
      expect(index.refusalFor(sampleClaims({ subject: 'ada' }, Date.now() / 1_000 + 1))).toBeUndefined();
      expect(refuses(await openCurrent(server), 'bob')).toBe(true);
    },
  );

  testWithRedis.concurrent(
    'the stream is cut off behind what can still matter',
    async ({ expect, redis: { startServer, connect, openCurrent } }) => {
      const server = await startServer();
      const redis = connect(server);
      const old = redis.pipeline();
      for (let number = 1; number <= 1_000; number += 1) {
        const at = Date.now() - 48 * 3_600_000 + number;
        old.xadd(KEY, `${at}-1`, 'entry', JSON.stringify(revocationEntry({ subject: `user-${number}` }, { at })));
      }
      await old.exec();
      const index = await openCurrent(server);
      await index.revoke({ subject: 'ada' });
      expect(await redis.xlen(KEY)).toBeLessThan(200);
    },
  );
});
