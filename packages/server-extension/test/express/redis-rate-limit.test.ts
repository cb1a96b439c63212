import express from 'express';
import type { Redis } from 'ioredis';
import { RedisStore } from 'rate-limit-redis';
import { describe, expect, test } from 'vitest';
import { tokenEndpoint } from '../../src/express.ts';
import { sign } from '../support/passes.ts';
import { hasRedis } from '../support/redis-server.ts';
import { serve } from '../support/serve.ts';
import { useRedis } from '../support/use-redis.ts';

const { startServer, connect } = useRedis();

async function app(redis: Redis): Promise<string> {
  const store = new RedisStore({
    sendCommand: async (...[command = '', ...parts]) => {
      const reply = await redis.call(command, ...parts);
      return Array.isArray(reply) ? reply.map(Number) : typeof reply === 'number' ? reply : String(reply);
    },
  });
  const grant = (req: express.Request) => ({
    subject: req.get('x-user') ?? 'ada',
    documents: { '*': 'read' as const },
  });
  const rateLimit = { limit: 3, store, logger: { warn: () => {}, error: () => {} } };
  return serve(express().post('/', tokenEndpoint({ sign, grant, rateLimit, onError: () => {} })));
}

const ask = async (url: string, user: string) =>
  (await fetch(url, { method: 'POST', headers: { 'X-User': user } })).status;

describe.skipIf(!hasRedis)('Redis', () => {
  test('servers share what they count, for the subject and for the address', async () => {
    const server = await startServer();
    const urls = [await app(connect(server)), await app(connect(server))];
    const send = (index: number, user: string) => ask(urls[index % 2] ?? '', user);
    expect([await send(0, 'ada'), await send(1, 'ada'), await send(0, 'ada'), await send(1, 'ada')]).toEqual([
      200, 200, 200, 429,
    ]);
    for (let index = 3; index < 30; index++) expect(await send(index, `user${index}`)).toBe(200);
    expect(await send(0, 'ben')).toBe(429);
    expect(await connect(server).keys('*')).toEqual(expect.arrayContaining(['rl:subject:ada', 'rl:address:127.0.0.1']));
  });

  test('a Redis that is gone refuses, and one that is back counts again', async () => {
    const server = await startServer();
    const redis = connect(server);
    const url = await app(redis);
    expect(await ask(url, 'ada')).toBe(200);
    await server.kill();
    expect(await ask(url, 'ada')).toBe(503);
    await server.start();
    await expect.poll(() => ask(url, 'ben'), { timeout: 10_000 }).toBe(200);
  });
});
