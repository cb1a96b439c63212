import express from 'express';
import { MemoryStore } from 'express-rate-limit';
import { expect, test, vi } from 'vitest';
import { type RateLimitOptions, tokenEndpoint } from '../../src/express.ts';
import { startServer } from '../support/collaboration.ts';
import { sign } from '../support/passes.ts';
import { authFrame, RawClient } from '../support/raw-client.ts';
import { serve } from '../support/serve.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

// What one socket, one person and one address may cost. The details are in test/hocuspocus/limits, test/express/rate-limit.

/** A verifier that counts what it is asked. */
function createCounting() {
  const { verify: real, revocations } = createTestVerifier();
  const asked: string[] = [];
  const verify = (token: string) => {
    asked.push(token);
    return real(token);
  };
  return { verify: Object.assign(verify, { revocations }), asked };
}

// 22,150 bad tokens in two seconds on one socket all reached the hook: each is a signature to compute.
test('a flood of bad tokens on one socket is not verified', async () => {
  const { verify, asked } = createCounting();
  const server = await startServer({ verify });
  const flood = await RawClient.open(server.url);
  for (let i = 0; i < 100; i += 1) flood.send(authFrame(`doc-${i}`, `bad-${i}`));
  const refusals = () => Array.from({ length: 100 }, (_, i) => flood.refusals(`doc-${i}`)).flat();
  await untilTrue(() => refusals().length === 100, 'all are refused');
  expect(refusals().filter((reason) => reason === 'token-invalid')).toHaveLength(30);
  expect(refusals().filter((reason) => reason === 'rate-limited')).toHaveLength(70);
  expect(asked).toHaveLength(30);
  // A good token is not heard on this socket either; on another one it is.
  flood.send(authFrame('good', signFor()));
  await untilTrue(() => flood.refusals('good').length === 1, 'it is refused');
  expect(flood.refusals('good')).toEqual(['rate-limited']);
  await (await RawClient.open(server.url)).enter('good', signFor());
});

test('a minute later the socket is heard again', async ({ onTestFinished }) => {
  const { verify } = createCounting();
  const server = await startServer({ verify, limits: { refusalsPerMinute: 1 } });
  const page = await RawClient.open(server.url);
  const token = signFor({}, 600);
  const refusalOf = async (name: string, text: string) => {
    page.send(authFrame(name, text));
    await untilTrue(() => page.refusals(name).length === 1, 'it is refused');
    return page.refusals(name)[0];
  };
  const start = Date.now();
  vi.useFakeTimers({ toFake: ['Date'], now: start });
  onTestFinished(() => void vi.useRealTimers());
  expect(await refusalOf('a', 'bad')).toBe('token-invalid');
  vi.setSystemTime(start + 59_999);
  expect(await refusalOf('b', token)).toBe('rate-limited');
  vi.setSystemTime(start + 60_000);
  await page.enter('c', token);
});

test('a page that opens many documents at once is not taken for a flood', async () => {
  const { verify } = createCounting();
  const server = await startServer({ verify, limits: { refusalsPerMinute: 2 } });
  const page = await RawClient.open(server.url);
  const token = signFor();
  for (let i = 0; i < 60; i += 1) page.send(authFrame(`doc-${i}`, token));
  const scopes = () => Array.from({ length: 60 }, (_, i) => page.scopes(`doc-${i}`)).flat();
  await untilTrue(() => scopes().length === 60, 'all are open');
});

// Somebody with a pass for one document tries the names of others, to find out which there are.
test('guessing document names with a good token counts as well', async () => {
  const { verify, asked } = createCounting();
  const server = await startServer({ verify, limits: { refusalsPerMinute: 5 } });
  const page = await RawClient.open(server.url);
  const token = signFor({ documents: { mine: 'write' } });
  for (let i = 0; i < 8; i += 1) page.send(authFrame(`guess-${i}`, token));
  const reasons = () => Array.from({ length: 8 }, (_, i) => page.refusals(`guess-${i}`)).flat();
  await untilTrue(() => reasons().length === 8, 'all are refused');
  expect(reasons().filter((reason) => reason === 'document-forbidden')).toHaveLength(5);
  expect(asked).toHaveLength(5);
});

// 5,000 sessions of one document on one socket: getConnectionsCount() said 1, and each is sent every edit.
test('one socket does not open a document again and again', async () => {
  const { verify, asked } = createCounting();
  const server = await startServer({ verify });
  const page = await RawClient.open(server.url);
  const token = signFor();
  for (let i = 0; i < 60; i += 1) page.send(authFrame(`a\0${i}`, token));
  const reasons = () => Array.from({ length: 60 }, (_, i) => page.refusals(`a\0${i}`)).flat();
  await untilTrue(() => reasons().length === 40, 'the others are refused');
  expect(new Set(reasons())).toEqual(new Set(['rate-limited']));
  await untilTrue(() => [...server.auth.connections()].length === 20, 'twenty are open');
  expect(asked.length).toBeLessThanOrEqual(60);
});

const tokens = (rateLimit: RateLimitOptions) =>
  express()
    .set('trust proxy', 1)
    .post('/', tokenEndpoint({ sign, rateLimit, grant: toGrant, onError: () => {} }));
const toGrant = (req: express.Request) => {
  const subject = req.get('x-user');
  return subject === undefined ? undefined : { subject, documents: { a: 'read' as const } };
};
const ask = async (url: string, headers: Record<string, string>) => {
  const response = await fetch(url, { method: 'POST', headers });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), body: await response.json() };
};

test('a person does not get around the limit by changing address, nor everybody else into it', async () => {
  const url = await serve(tokens({ limit: 2 }));
  const from = (address: string, user: string) => ask(url, { 'x-forwarded-for': address, 'x-user': user });
  for (const address of ['192.0.2.1', '192.0.2.2']) expect((await from(address, 'eve')).status).toBe(200);
  for (let i = 0; i < 30; i += 1) {
    const answer = await from('192.0.2.3', 'eve');
    expect([answer.status, answer.body.reason]).toEqual([429, 'rate-limited']);
    expect(Number(answer.retryAfter)).toBeGreaterThanOrEqual(1);
  }
  // The office behind that address still works.
  expect((await from('192.0.2.3', 'ada')).status).toBe(200);
});

test('an address does not get around the limit by inventing people', async () => {
  const url = await serve(tokens({ limit: 1 }));
  const statuses: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    statuses.push((await ask(url, { 'x-forwarded-for': '192.0.2.1', 'x-user': `user-${i}` })).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
});

// A limit that is off whenever its store is out is off for whoever can overload the store.
test('a store of limits that is out refuses, and tells nothing', async () => {
  const store = new MemoryStore();
  store.increment = () => Promise.reject(new Error('redis://user:password@host'));
  const answer = await ask(await serve(tokens({ store, validate: false })), { 'x-user': 'ada' });
  expect([answer.status, answer.body.reason]).toEqual([503, 'auth-unavailable']);
  expect(JSON.stringify(answer.body)).not.toContain('redis');
});
