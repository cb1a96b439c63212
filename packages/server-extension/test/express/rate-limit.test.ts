import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type Request } from 'express';
import { type ClientRateLimitInfo, MemoryStore, type Store } from 'express-rate-limit';
import { describe, expect, test, vi } from 'vitest';
import { type RateLimitOptions, type TokenEndpointOptions, tokenEndpoint } from '../../src/express.ts';
import { expresses } from '../support/expresses.ts';
import { sign } from '../support/passes.ts';
import { serve } from '../support/serve.ts';
import { collectWarnings } from '../support/warnings.ts';

const HOUR = 3_600_000;

/** Whoever `X-User` names; nobody without it. */
function grant(req: Request) {
  const subject = req.get('x-user');
  return subject === undefined ? undefined : { subject, documents: { '*': 'read' as const } };
}

async function app(
  rateLimit: RateLimitOptions | false | undefined,
  more: Partial<TokenEndpointOptions> = {},
): Promise<string> {
  return serve(
    express()
      .set('trust proxy', 1)
      .post('/', tokenEndpoint({ sign, grant, rateLimit, ...more })),
  );
}

function ask(url: string, user?: string, address = '192.0.2.1'): Promise<Response> {
  const headers = { 'X-Forwarded-For': address, ...(user === undefined ? {} : { 'X-User': user }) };
  return fetch(url, { method: 'POST', headers });
}

/** The statuses of so many requests, one after the other. */
async function statuses(count: number, send: (index: number) => Promise<Response>): Promise<number[]> {
  const seen: number[] = [];
  for (let index = 0; index < count; index++) seen.push((await send(index)).status);
  return seen;
}

const times = (count: number, status: number) => Array.from({ length: count }, () => status);

async function expectTooMany(response: Response, atMostSeconds: number): Promise<void> {
  expect(response.status).toBe(429);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const seconds = Number(response.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(atMostSeconds);
  expect(await response.json()).toMatchObject({ status: 429, reason: 'rate-limited' });
}

async function expectUnavailable(response: Response): Promise<void> {
  expect([response.status, await response.json()]).toEqual([
    503,
    expect.objectContaining({ reason: 'auth-unavailable' }),
  ]);
}

describe.each(expresses)('%s', (_, express) => {
  test('ten an hour: the eleventh is 429, and says when to come back', async () => {
    const url = await serve(
      express().post('/', tokenEndpoint({ sign, grant, rateLimit: { limit: 10, windowMs: HOUR } })),
    );
    expect(await statuses(10, () => ask(url, 'ada'))).toEqual(times(10, 200));
    const refused = await ask(url, 'ada');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_500);
    await expectTooMany(refused, 3_600);
  });
});

test('by default a subject has 30 a minute', async () => {
  const url = await app(undefined);
  expect(await statuses(30, () => ask(url, 'ada'))).toEqual(times(30, 200));
  await expectTooMany(await ask(url, 'ada'), 60);
});

test('by default an address has 300 a minute', async () => {
  const url = await app(undefined);
  expect(await statuses(300, (index) => ask(url, `user${index % 15}`))).toEqual(times(300, 200));
  await expectTooMany(await ask(url, 'somebody-else'), 60);
  expect((await ask(url, 'somebody-else', '192.0.2.2')).status).toBe(200);
}, 60_000);

test('a subject is counted across addresses', async () => {
  const url = await app({ limit: 3 });
  expect(await statuses(4, (index) => ask(url, 'ada', `192.0.2.${index}`))).toEqual([200, 200, 200, 429]);
});

test('subjects behind one address are counted apart, the address ten times as far', async () => {
  const url = await app({ limit: 2 });
  expect(await statuses(20, (index) => ask(url, `user${index % 10}`))).toEqual(times(20, 200));
  await expectTooMany(await ask(url, 'user99'), 60);
});

test('a subject over its limit does not use up the requests of its address', async () => {
  const url = await app({ limit: 2 });
  await statuses(40, () => ask(url, 'ada'));
  expect((await ask(url, 'ben')).status).toBe(200);
});

test('requests of nobody are counted for the address', async () => {
  const url = await app({ limit: 1 });
  expect(await statuses(11, () => ask(url))).toEqual([...times(10, 401), 429]);
});

test('an address without requests left is refused before the app is asked', async () => {
  let asked = 0;
  const url = await app(
    { limit: 1 },
    {
      grant: (req) => {
        asked++;
        return grant(req);
      },
    },
  );
  await statuses(15, () => ask(url));
  expect(asked).toBe(10);
});

test('malformed requests and failing grants are counted for the address', async () => {
  const raise = () => Promise.reject(new Error('out of order'));
  const url = await app({ limit: 1 }, { grant: raise, onError: () => {} });
  const malformed = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': '192.0.2.1' },
    body: '{',
  };
  expect(await statuses(5, () => fetch(url, malformed))).toEqual(times(5, 400));
  expect(await statuses(5, () => ask(url))).toEqual(times(5, 500));
  expect((await ask(url)).status).toBe(429);
});

test('what another site has the browser send is not counted', async () => {
  const url = new URL(await app({ limit: 1 }));
  const headers = { 'Sec-Fetch-Site': 'cross-site', 'X-Forwarded-For': '192.0.2.1' };
  const send = () =>
    new Promise((resolve, reject) => {
      httpRequest(url, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
  for (let index = 0; index < 12; index++) expect(await send()).toBe(403);
  expect((await ask(url.href, 'ada')).status).toBe(200);
});

test('false switches both limits off', async () => {
  const url = await app(false);
  expect(await statuses(40, () => ask(url, 'ada'))).toEqual(times(40, 200));
});

test('without trust proxy, nobody gets a new address by a header', async () => {
  const url = await serve(express().post('/', tokenEndpoint({ sign, grant, rateLimit: { limit: 1 } })));
  expect(await statuses(11, (index) => ask(url, undefined, `192.0.2.${index}`))).toEqual([...times(10, 401), 429]);
});

test('a proxy without trust proxy is warned of once, because all people share its address', async () => {
  const warnings = collectWarnings();
  const url = await serve(express().post('/', tokenEndpoint({ sign, grant })));
  await fetch(url, { method: 'POST' });
  expect(warnings).toEqual([]);
  await statuses(3, () => ask(url, 'ada'));
  expect(warnings).toEqual([expect.stringContaining('"trust proxy"')]);
});

test.each<[string, RateLimitOptions]>([
  ['keyGenerator', { keyGenerator: (req) => req.get('x-real-ip') ?? '' }],
  ['validate: false', { validate: false }],
  ['validate.xForwardedForHeader', { validate: { xForwardedForHeader: false } }],
])('%s: the app knows what it does, and hears no warning', async (_, rateLimit) => {
  const warnings = collectWarnings();
  await ask(await serve(express().post('/', tokenEndpoint({ sign, grant, rateLimit }))), 'ada');
  await ask(await app({}), 'ada');
  expect(warnings).toEqual([]);
});

test('IPv6 addresses are counted by their /56, or as ipv6Subnet says', async () => {
  const address = (index: number) => `2001:db8:0:${index.toString(16)}::1`;
  const wide = await app({ limit: 1 });
  expect(await statuses(11, (index) => ask(wide, undefined, address(index)))).toEqual([...times(10, 401), 429]);
  for (const ipv6Subnet of [64, () => 64]) {
    const narrow = await app({ limit: 1, ipv6Subnet });
    expect(await statuses(11, (index) => ask(narrow, undefined, address(index)))).toEqual(times(11, 401));
  }
});

test('behind a Unix socket, where nobody has an address, all are counted together', async ({ onTestFinished }) => {
  const socketPath = join(await mkdtemp(join(tmpdir(), 'hocuspass-')), 'socket');
  const server = express()
    .post('/', tokenEndpoint({ sign, grant, rateLimit: { limit: 1 } }))
    .listen(socketPath);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const send = () =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ socketPath, method: 'POST' }, (response) => resolve(response.resume().statusCode));
      request.on('error', reject).end();
    });
  for (let index = 0; index < 10; index++) expect(await send()).toBe(401);
  expect(await send()).toBe(429);
});

test('keyGenerator names the address', async () => {
  const url = await app({ limit: 1, keyGenerator: (req) => req.get('cf-connecting-ip') ?? '' });
  expect(await statuses(11, (index) => ask(url, undefined, `192.0.2.${index}`))).toEqual([...times(10, 401), 429]);
});

test('limit may be a function', async () => {
  const url = await app({ limit: (req) => (req.get('x-user') === 'ada' ? 2 : 1) });
  expect(await statuses(3, () => ask(url, 'ada'))).toEqual([200, 200, 429]);
  expect(await statuses(2, () => ask(url, 'ben', '192.0.2.2'))).toEqual([200, 429]);
  expect(await statuses(11, () => ask(url, undefined, '192.0.2.3'))).toEqual([...times(10, 401), 429]);
});

test('max is the older name of limit', async () => {
  const url = await app({ max: 1 });
  expect(await statuses(2, () => ask(url, 'ada'))).toEqual([200, 429]);
});

test('windowMs says how long is counted', async () => {
  const url = await app({ limit: 1, windowMs: 300 });
  expect(await statuses(2, () => ask(url, 'ada'))).toEqual([200, 429]);
  await vi.waitUntil(async () => (await ask(url, 'ada')).status === 200, { timeout: 2_000 });
});

test('skip counts nothing', async () => {
  const url = await app({ limit: 1, skip: (req) => req.get('x-user') === 'monitor' });
  expect(await statuses(15, () => ask(url, 'monitor'))).toEqual(times(15, 200));
  expect(await statuses(2, () => ask(url, 'ada'))).toEqual([200, 429]);
});

test('skipSuccessfulRequests counts refusals only', async () => {
  const url = await app({ limit: 1, skipSuccessfulRequests: true });
  expect(await statuses(3, () => ask(url, 'ada'))).toEqual([200, 200, 200]);
  expect(await statuses(11, () => ask(url))).toEqual([...times(10, 401), 429]);
});

test('no headers tell the limits, unless asked for', async () => {
  const names = async (options: RateLimitOptions) =>
    [...(await ask(await app(options), 'ada')).headers.keys()].filter((name) => name.includes('ratelimit'));
  expect(await names({})).toEqual([]);
  expect(await names({ legacyHeaders: true })).toContain('x-ratelimit-limit');
  expect(await names({ headers: true })).toContain('x-ratelimit-limit');
  expect(await names({ standardHeaders: 'draft-8' })).toEqual(['ratelimit', 'ratelimit-policy']);
});

test('draft-8 headers tell both limits', async () => {
  const response = await ask(await app({ standardHeaders: 'draft-8' }), 'ada');
  expect(response.headers.get('ratelimit')).toMatch(/^"30-in-1min"; r=29; t=\d+, "300-in-1min"; r=299; t=\d+$/);
});

test('a handler may answer in its own words', async () => {
  const url = await app({ limit: 1, handler: (_req, res) => void res.status(429).send('slow down') });
  await ask(url, 'ada');
  const response = await ask(url, 'ada');
  expect([response.status, await response.text()]).toEqual([429, 'slow down']);
});

test('a handler may count, and leave the answer to us', async () => {
  let refused = 0;
  const url = await app({ limit: 1, handler: () => void refused++ });
  await ask(url, 'ada');
  await expectTooMany(await ask(url, 'ada'), 60);
  expect(refused).toBe(1);
});

test('requestPropertyName says where the count is kept', async () => {
  let counted: unknown;
  const url = await app(
    { limit: 1, requestPropertyName: 'tokens' },
    {
      sign: (grant) => sign(grant),
      grant: (req) => {
        req.res?.on('finish', () => (counted = Reflect.get(req, 'tokens')));
        return grant(req);
      },
    },
  );
  await ask(url, 'ada');
  await vi.waitFor(() => expect(counted).toMatchObject({ limit: 10, used: 1, key: 'address:192.0.2.1' }));
  await expectTooMany(await ask(url, 'ada'), 60);
});

describe('stores', () => {
  /** What a store may do at worst, on top of one that works. */
  class OddStore implements Store {
    readonly keys: string[] = [];
    readonly localKeys = true;
    readonly #counts = new Map<string, number>();

    increment(key: string): Promise<ClientRateLimitInfo> {
      this.keys.push(key);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
      return Promise.resolve({ totalHits: this.#counts.get(key) ?? 0, resetTime: undefined });
    }

    async decrement(): Promise<void> {}
    async resetKey(): Promise<void> {}
  }

  test('one store serves both limits under keys of their own, and nothing is printed', async ({ onTestFinished }) => {
    const print = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    onTestFinished(() => print.forEach((spy) => void spy.mockRestore()));
    const store = new OddStore();
    const url = await app({ limit: 2, store });
    expect(await statuses(3, () => ask(url, 'ada'))).toEqual([200, 200, 429]);
    expect(store.keys).toEqual(['subject:ada', 'address:192.0.2.1', 'subject:ada', 'address:192.0.2.1', 'subject:ada']);
    for (const spy of print) expect(spy).not.toHaveBeenCalled();
  });

  test('nothing is printed by default either, proxy headers or not', async ({ onTestFinished }) => {
    const print = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
    onTestFinished(() => print.forEach((spy) => void spy.mockRestore()));
    const url = await serve(express().post('/', tokenEndpoint({ sign, grant })));
    await fetch(url, { method: 'POST', headers: { 'X-Forwarded-For': '192.0.2.1', Forwarded: 'for=192.0.2.1' } });
    await ask(url, 'ada');
    for (const spy of print) expect(spy).not.toHaveBeenCalled();
  });

  test('a store without a reset time refuses for the whole window', async () => {
    const url = await app({ limit: 1, store: new OddStore(), windowMs: 90_000 });
    await ask(url, 'ada');
    expect((await ask(url, 'ada')).headers.get('retry-after')).toBe('90');
  });

  test('a store that cannot look without counting refuses an address all the same', async () => {
    const url = await app({ limit: 1, store: new OddStore() });
    expect(await statuses(11, () => ask(url))).toEqual([...times(10, 401), 429]);
  });

  test('a memory store of the app serves both', async () => {
    const url = await app({ limit: 1, store: new MemoryStore() });
    expect(await statuses(2, () => ask(url, 'ada'))).toEqual([200, 429]);
    expect(await statuses(10, () => ask(url))).toEqual([...times(9, 401), 429]);
  });

  test('a store of the old kind serves both', async () => {
    const counts = new Map<string, number>();
    const store = {
      incr(key: string, done: (error: Error | undefined, hits: number, reset: Date | undefined) => void) {
        counts.set(key, (counts.get(key) ?? 0) + 1);
        done(undefined, counts.get(key) ?? 0, new Date(Date.now() + 5_000));
      },
      decrement() {},
      resetKey() {},
    };
    const url = await app({ limit: 1, store });
    await ask(url, 'ada');
    await expectTooMany(await ask(url, 'ada'), 5);
  });

  test('an address whose count begins anew between looking and counting is counted once', async () => {
    const store = new OddStore();
    const get = async () => ({ totalHits: 1_000, resetTime: undefined });
    const url = await app({ store: Object.assign(store, { get }) });
    expect((await ask(url, 'ada')).status).toBe(200);
    expect(store.keys).toEqual(['address:192.0.2.1', 'subject:ada']);
  });

  test('a count that has run out when it is looked at refuses nobody', async () => {
    const get = async () => ({ totalHits: 1_000, resetTime: new Date(Date.now() - 1) });
    const url = await app({ store: Object.assign(new OddStore(), { get }) });
    expect((await ask(url, 'ada')).status).toBe(200);
  });

  test('validate switches the reports of express-rate-limit off, all or by name', async ({ onTestFinished }) => {
    const print = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => print.mockRestore());
    const store = new OddStore();
    for (const validate of [undefined, false, { unsharedStore: false }]) await app({ store, validate });
    expect(print).not.toHaveBeenCalled();
    await app({ store });
    expect(print).toHaveBeenCalledOnce();
  });

  const failure = new Error('ECONNREFUSED 10.0.0.7:6379');
  const failing: [string, Partial<Store>][] = [
    ['rejects', { increment: () => Promise.reject(failure) }],
    [
      'throws',
      {
        increment: () => {
          throw failure;
        },
      },
    ],
    ['rejects without a word', { increment: () => Promise.reject() }],
    ['answers nothing', { increment: () => Promise.resolve(JSON.parse('{}')) }],
    ['answers null', { increment: () => Promise.resolve(JSON.parse('null')) }],
    ['answers text', { increment: () => Promise.resolve(JSON.parse('{"totalHits":"many"}')) }],
    ['answers zero', { increment: () => Promise.resolve({ totalHits: 0, resetTime: undefined }) }],
    ['cannot look', { get: () => Promise.reject(failure) }],
  ];
  test.each(failing)('a store that %s refuses with 503, and onError is told', async (_, methods) => {
    const errors: unknown[] = [];
    const store = Object.assign(new OddStore(), methods);
    const url = await app({ store, validate: false }, { onError: (error) => errors.push(error) });
    for (const user of ['ada', undefined]) {
      const response = await ask(url, user);
      expect(await response.clone().text()).not.toContain('10.0.0.7');
      await expectUnavailable(response);
    }
    expect(errors).toHaveLength(2);
    expect(errors).toEqual([expect.any(Error), expect.any(Error)]);
  });

  test.each(['increment', 'get'])('passOnStoreError lets requests pass where %s fails', async (method) => {
    const store = Object.assign(new OddStore(), { [method]: () => Promise.reject(failure) });
    const errors: unknown[] = [];
    const logger = { warn: () => {}, error: (error: unknown) => void errors.push(error) };
    const url = await app({ limit: 5, store, passOnStoreError: true, logger });
    expect((await ask(url, 'ada')).status).toBe(200);
    expect(errors).toEqual(method === 'increment' ? [failure, failure] : []);
  });
});

test.each<[string, unknown]>([
  ['tokenEndpoint: rateLimit: options must be an object', true],
  ['tokenEndpoint: rateLimit: options must be an object', null],
  ['tokenEndpoint: rateLimit: unknown option "perMinute"', { perMinute: 5 }],
  ['tokenEndpoint: rateLimit: unknown option "message"', { message: 'slow down' }],
  ['tokenEndpoint: rateLimit: unknown option "statusCode"', { statusCode: 503 }],
  ['tokenEndpoint: rateLimit: unknown option "retryAfter"', { retryAfter: 5 }],
  ['tokenEndpoint: "rateLimit.limit" must be a whole number of requests, or a function', { limit: Number.NaN }],
  ['tokenEndpoint: "rateLimit.limit" must be a whole number of requests, or a function', { limit: -1 }],
  ['tokenEndpoint: "rateLimit.limit" must be a whole number of requests, or a function', { limit: '10' }],
  ['tokenEndpoint: "rateLimit.max" must be a whole number of requests, or a function', { max: 1.5 }],
  ['tokenEndpoint: "rateLimit.windowMs" must be milliseconds, at least 1 and at most 2147483647', { windowMs: 0 }],
  ['tokenEndpoint: "rateLimit.windowMs" must be milliseconds, at least 1 and at most 2147483647', { windowMs: '15m' }],
  [
    'tokenEndpoint: "rateLimit.windowMs" must be milliseconds, at least 1 and at most 2147483647',
    { windowMs: 2 ** 31 },
  ],
  ['tokenEndpoint: "rateLimit.store" must be a store of express-rate-limit', { store: null }],
  ['tokenEndpoint: "rateLimit.store" must be a store of express-rate-limit', { store: {} }],
  ['tokenEndpoint: "rateLimit.keyGenerator" must be a function', { keyGenerator: 'ip' }],
  ['tokenEndpoint: "rateLimit.handler" must be a function', { handler: null }],
  ['tokenEndpoint: "rateLimit.skip" must be a function', { skip: true }],
  ['tokenEndpoint: "rateLimit.requestWasSuccessful" must be a function', { requestWasSuccessful: 200 }],
  ['tokenEndpoint: "rateLimit.passOnStoreError" must be true or false', { passOnStoreError: 'false' }],
  ['tokenEndpoint: "rateLimit.skipFailedRequests" must be true or false', { skipFailedRequests: 1 }],
  ['tokenEndpoint: "rateLimit.requestPropertyName" must be a text, not empty', { requestPropertyName: '' }],
  ['tokenEndpoint: "rateLimit.identifier" must be a text, or a function', { identifier: 7 }],
  [
    `tokenEndpoint: "rateLimit.standardHeaders" must be true, false, 'draft-6', 'draft-7' or 'draft-8'`,
    { standardHeaders: 'draft-9' },
  ],
  ...[128, '56', true].map((ipv6Subnet): [string, unknown] => [
    'tokenEndpoint: "rateLimit.ipv6Subnet" must be a whole number from 32 to 64, false, or a function',
    { ipv6Subnet },
  ]),
])('%s: %j', (message, rateLimit) => {
  const create = () => Reflect.apply(tokenEndpoint, undefined, [{ sign, grant, rateLimit }]);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(message);
});
