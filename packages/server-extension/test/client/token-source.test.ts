import { expect, test } from 'vitest';
import { createTokenSource } from '../../src/client.ts';
import { startTokenEndpoint } from '../support/token-endpoint.ts';
import { untilTrue } from '../support/until.ts';

const reasonOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(String, ({ reason }) => reason);

test('a URL is asked by POST, without a body', async () => {
  const endpoint = await startTokenEndpoint();
  const token = await createTokenSource(endpoint.url)();
  expect(endpoint.issued).toEqual([token]);
  expect(endpoint.requests[0]).toMatchObject({ method: 'POST', body: '' });
});

test('a URL object and { url } mean the same', async () => {
  const endpoint = await startTokenEndpoint();
  await createTokenSource(new URL(endpoint.url))();
  await createTokenSource({ url: endpoint.url })();
  await createTokenSource({ url: new URL(endpoint.url), request: undefined, documentNames: undefined })();
  expect(endpoint.requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST']);
});

test('request changes how it is asked', async () => {
  const endpoint = await startTokenEndpoint();
  await createTokenSource({ url: endpoint.url, request: { method: 'GET', headers: { 'x-app': '1' } } })();
  expect(endpoint.requests[0]).toMatchObject({ method: 'GET', headers: { 'x-app': '1' } });
});

test('documentNames are asked for as JSON, beside the headers of the app', async () => {
  const endpoint = await startTokenEndpoint();
  const headers = new Headers({ 'x-app': '1' });
  await createTokenSource({ url: endpoint.url, documentNames: ['a', 'b'], request: { headers } })();
  expect(endpoint.requests[0]).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-app': '1' },
    body: '{"documentNames":["a","b"]}',
  });
});

test.each([
  ['url', ''],
  ['url', undefined],
  ['url', {}],
  ['url', { url: '' }],
  ['url', { url: 5 }],
  ['request', { url: '/token', request: 'GET' }],
  ['documentNames', { url: '/token', documentNames: 'a' }],
  ['documentNames', { url: '/token', documentNames: ['a', ''] }],
  ['documentName', { url: '/token', documentName: 'a' }],
])('a wrong "%s" is a TypeError that names it (%j)', (name, options) => {
  const create: (options: never) => unknown = createTokenSource;
  expect(() => Reflect.apply(create, undefined, [options])).toThrow(TypeError);
  expect(() => Reflect.apply(create, undefined, [options])).toThrow(`"${name}"`);
});

test('however many ask, there is one request in flight', async () => {
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const all = await Promise.all([tokens(), tokens(), tokens.refresh(), tokens()]);
  expect(new Set(all).size).toBe(1);
  expect(endpoint.requests).toHaveLength(1);
});

test('a token is reused until half of its life', async () => {
  const endpoint = await startTokenEndpoint({ expiresIn: 0.8 });
  const tokens = createTokenSource(endpoint.url);
  const first = await tokens();
  const end = performance.now() + 250;
  await untilTrue(() => performance.now() > end, 'a while has passed');
  expect(await tokens()).toBe(first);
  const half = performance.now() + 200;
  await untilTrue(() => performance.now() > half, 'half of its life has passed');
  expect(await tokens()).not.toBe(first);
  expect(endpoint.requests).toHaveLength(2);
});

test('refresh() gets a new token; clear() forgets the one at hand', async () => {
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const first = await tokens();
  const second = await tokens.refresh();
  expect(second).not.toBe(first);
  expect(await tokens()).toBe(second);
  tokens.clear();
  const third = await tokens();
  expect(third).not.toBe(second);
  expect(endpoint.requests).toHaveLength(3);
});

test('the answer to what was asked before clear() is handed to nobody', async () => {
  const endpoint = await startTokenEndpoint();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  endpoint.gate = gate;
  const tokens = createTokenSource(endpoint.url);
  const before = tokens();
  await untilTrue(() => endpoint.requests.length === 1, 'the request has arrived');
  tokens.clear();
  endpoint.gate = undefined;
  endpoint.grant = { ...endpoint.grant, subject: 'ben' };
  const after = await tokens();
  open();
  expect(await before).toBe(after);
  await untilTrue(() => endpoint.issued.length === 2, 'the late answer is there');
  expect(await tokens()).toBe(after);
  expect(endpoint.requests).toHaveLength(2);
});

test('a token that many report is replaced once', async () => {
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const first = await tokens();
  const era = tokens.era?.();
  tokens.clear(era);
  const second = tokens();
  tokens.clear(era);
  tokens.clear(era);
  expect(await second).not.toBe(first);
  tokens.clear(era);
  expect(await tokens()).toBe(await second);
  expect(endpoint.requests).toHaveLength(2);
});

test.each([
  [401, 'signed-out'],
  [403, 'document-forbidden'],
])('a %i of the endpoint is final: %s', async (status, reason) => {
  const endpoint = await startTokenEndpoint({ trouble: { status } });
  const tokens = createTokenSource(endpoint.url);
  expect(await reasonOf(tokens())).toBe(reason);
  expect(endpoint.requests).toHaveLength(1);
  endpoint.trouble = undefined;
  expect(await tokens()).toBe(endpoint.issued[0]);
});

test.each([
  ['a 500', { status: 500 }],
  ['a page instead of JSON', { status: 200, body: '<!doctype html>' }],
  ['JSON without a token', { status: 200, body: '{"token":""}' }],
])('after %s it tries again by itself', async (_, trouble) => {
  const endpoint = await startTokenEndpoint({ trouble });
  const tokens = createTokenSource(endpoint.url);
  const token = tokens();
  await untilTrue(() => endpoint.requests.length === 2, 'it has tried again');
  endpoint.trouble = undefined;
  expect(await token).toBe(endpoint.issued[0]);
});

test('an outage is told to whoever would have to wait, and costs no more requests', async () => {
  const endpoint = await startTokenEndpoint({ trouble: { status: 429, headers: { 'Retry-After': '30' } } });
  const tokens = createTokenSource(endpoint.url);
  expect(await reasonOf(tokens())).toBe('auth-unavailable');
  expect(await Promise.all([tokens(), tokens(), tokens()].map(reasonOf))).toEqual(Array(3).fill('auth-unavailable'));
  expect(endpoint.requests).toHaveLength(1);
  endpoint.trouble = undefined;
  expect(await tokens.refresh()).toBe(endpoint.issued[0]);
});

test('Retry-After is honoured', async () => {
  const endpoint = await startTokenEndpoint({ trouble: { status: 503, headers: { 'Retry-After': '2' } } });
  const tokens = createTokenSource(endpoint.url);
  const token = tokens();
  await untilTrue(() => endpoint.requests.length === 1, 'it has asked');
  endpoint.trouble = undefined;
  await token;
  const [first = { at: 0 }, second = { at: 0 }] = endpoint.requests;
  expect(second.at - first.at).toBeGreaterThan(1_950);
});

test('a function may return what the endpoint answers', async () => {
  let calls = 0;
  const tokens = createTokenSource(async () => {
    calls += 1;
    return { token: `token ${calls}`, expiresInSeconds: 60, expiresAt: '2030-01-01T00:00:00Z' };
  });
  expect(await tokens()).toBe('token 1');
  expect(await tokens()).toBe('token 1');
  expect(await tokens.refresh()).toBe('token 2');
});

test('a function that returns text is asked again after a second', async () => {
  let calls = 0;
  const tokens = createTokenSource(async () => {
    calls += 1;
    return `token ${calls}`;
  });
  expect(await Promise.all([tokens(), tokens()])).toEqual(['token 1', 'token 1']);
  const end = performance.now() + 1_050;
  await untilTrue(() => performance.now() > end, 'a second has passed');
  expect(await tokens()).toBe('token 2');
});

test('a function may throw a Response, or an error with a status', async () => {
  const signedOut = createTokenSource(async () => {
    throw new Response(null, { status: 401 });
  });
  const forbidden = createTokenSource(async () => {
    throw Object.assign(new Error('forbidden'), { status: 403 });
  });
  expect(await reasonOf(signedOut())).toBe('signed-out');
  expect(await reasonOf(forbidden())).toBe('document-forbidden');
});

test('a function that fails for another reason is tried again', async () => {
  let calls = 0;
  const tokens = createTokenSource(async () => {
    calls += 1;
    if (calls < 3) throw new TypeError('fetch failed');
    return 'token';
  });
  expect(await tokens()).toBe('token');
  expect(calls).toBe(3);
});

test('a clock that is set back, or forward, does not make a token young', async () => {
  const endpoint = await startTokenEndpoint({ expiresIn: 0.4 });
  const tokens = createTokenSource(endpoint.url);
  const first = await tokens();
  const now = Date.now;
  try {
    Date.now = () => now() - 600_000;
    const half = performance.now() + 220;
    await untilTrue(() => performance.now() > half, 'half of its life has passed');
    expect(await tokens()).not.toBe(first);
  } finally {
    Date.now = now;
  }
});

test('sleep counts, where performance.now() stands still', async () => {
  const endpoint = await startTokenEndpoint();
  const tokens = createTokenSource(endpoint.url);
  const first = await tokens();
  const now = Date.now;
  try {
    Date.now = () => now() + 600_000;
    expect(await tokens()).not.toBe(first);
  } finally {
    Date.now = now;
  }
});
