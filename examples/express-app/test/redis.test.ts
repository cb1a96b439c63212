import { describe, expect, test } from 'vitest';
import { openDocument } from './support/open-document.ts';
import { signIn } from './support/person.ts';
import { hasRedis, reserveRedis } from './support/redis.ts';
import { startApp } from './support/start-app.ts';
import { until } from './support/until.ts';

describe.skipIf(!hasRedis)('with Redis', () => {
  test('rate limits are shared by all servers', async () => {
    const redis = await reserveRedis();
    await redis.start();
    const settings = { redisUrl: redis.url, tokenRequestsPerMinute: 3 };
    const [first, second] = [await startApp(settings), await startApp(settings)];
    const [here, there] = [await signIn(first.url, 'ada'), await signIn(second.url, 'ada')];
    const statuses = [];
    for (const person of [here, there, here, there]) {
      statuses.push((await person.fetch('/collab/token', { method: 'POST' })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  test('an app that starts before Redis refuses tokens at once, and issues them when Redis is there', async () => {
    const redis = await reserveRedis();
    const { url, collabUrl } = await startApp({ redisUrl: redis.url });
    const ada = await signIn(url, 'ada');
    const response = await ada.fetch('/collab/token', { method: 'POST' });
    expect([response.status, (await response.json()).reason]).toEqual([503, 'auth-unavailable']);

    await redis.start();
    const isIssued = async () => (await ada.fetch('/collab/token', { method: 'POST' })).status === 200;
    await until(isIssued, 'tokens are issued');
    await openDocument(collabUrl, 'team/plan', ada.token).untilLevel('write');
  });

  test('an open editor survives the loss of Redis', async () => {
    const redis = await reserveRedis();
    await redis.start();
    const { url, collabUrl, events } = await startApp({ redisUrl: redis.url });
    const ada = await signIn(url, 'ada');
    const open = openDocument(collabUrl, 'team/plan', ada.token);
    await open.untilLevel('write');
    // The level is known before the document is loaded, which needs Redis.
    await open.untilSaved();
    await redis.kill();
    await until(() => events.some(({ type }) => type === 'store-lost'), 'the loss is noticed');
    open.write('Still here');
    await open.untilSaved();
    await redis.start();
    await until(() => events.some(({ type }) => type === 'store-recovered'), 'the store is back');
  });
});
