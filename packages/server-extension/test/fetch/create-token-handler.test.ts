import type { IncomingMessage } from 'node:http';
import { gzipSync } from 'node:zlib';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, test, vi } from 'vitest';
import { createTokenHandler, type TokenHandlerOptions } from '../../src/fetch.ts';
import type { Grant } from '../../src/index.ts';
import { sign, verify } from '../support/passes.ts';
import { serve } from '../support/serve.ts';

type Handler = (request: Request) => Promise<Response>;
type Send = (init: RequestInit & { headers?: Record<string, string> }) => Promise<Response>;

/** Where a handler runs, and how it is asked there. */
const HOSTS: readonly (readonly [string, (handler: Handler) => Promise<Send>])[] = [
  ['called directly', async (handler) => (init) => handler(new Request('https://app.example/token', init))],
  [
    'in a Hono server',
    async (handler) => {
      const app = new Hono().all('/token', (context) => handler(context.req.raw));
      const url = await serve(getRequestListener(app.fetch));
      return (init) => fetch(`${url}/token`, init);
    },
  ],
  [
    'in a plain node:http server',
    async (handler) => {
      const url = await serve(async (req, res) => {
        const { method = 'GET' } = req;
        const body = method === 'GET' || method === 'HEAD' ? null : toStream(req);
        const headers = Object.entries(req.headers).map(([name, value]) => [name, String(value)] as const);
        const init = {
          method,
          headers: new Headers(headers.map(([name, value]) => [name, value])),
          body,
          duplex: 'half',
        };
        const response = await handler(new Request(`http://${req.headers.host}${req.url}`, init));
        res.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
      });
      return (init) => fetch(`${url}/token`, init);
    },
  ],
];

function toStream(req: IncomingMessage): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      for await (const chunk of req) controller.enqueue(chunk);
      controller.close();
    },
  });
}

const ada: Grant = { subject: 'ada', documents: { 'ada/*': 'write', 'team/*': 'comment' } };
const options: TokenHandlerOptions = { sign, grant: () => ada };
const json = { 'Content-Type': 'application/json' };

async function expectReason(response: Response, status: number, reason: string): Promise<void> {
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
    status,
    'application/problem+json',
    'no-store',
  ]);
  expect(await response.json()).toMatchObject({ status, reason });
}

describe.each(HOSTS)('%s', (_, host) => {
  const run = (more: Partial<TokenHandlerOptions> = {}) => host(createTokenHandler({ ...options, ...more }));

  async function ask(
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = json,
  ): Promise<Response> {
    return (await run())({ method: 'POST', headers, body });
  }

  test('a token is issued, and nothing keeps it', async () => {
    const response = await (await run())({ method: 'POST' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('etag')).toBeNull();
    const issued = await response.json();
    expect(Object.keys(issued)).toEqual(['token', 'expiresAt', 'expiresInSeconds']);
    expect((await verify(issued.token)).access.levelFor('ada/diary')).toBe('write');
  });

  test('GET works as well', async () => {
    expect((await (await run())({ method: 'GET' })).status).toBe(200);
  });

  test.each(['HEAD', 'PUT', 'DELETE', 'OPTIONS'])('%s is 405', async (method) => {
    const response = await (await run({ grant: () => expect.unreachable() }))({ method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('a body narrows the token, each document at its level', async () => {
    const response = await ask('{"documentNames":["ada/diary","team/plan","ben/diary"]}');
    const { access } = await verify((await response.json()).token);
    const names = ['ada/diary', 'team/plan', 'ben/diary', 'ada/other'];
    expect(names.map((name) => access.levelFor(name))).toEqual(['write', 'comment', undefined, undefined]);
  });

  test('nothing left of the grant is 403', async () => {
    await expectReason(await ask('{"documentNames":["ben/diary"]}'), 403, 'document-forbidden');
    await expectReason(await ask('{"documentNames":[]}'), 403, 'document-forbidden');
  });

  test('an empty body narrows nothing, whatever its type', async () => {
    for (const headers of [json, { 'Content-Type': 'text/plain' }]) expect((await ask('', headers)).status).toBe(200);
  });

  test.each(['{', '[]', 'null', '{"documentNames":["*"]}', '{"documentNames":["__proto__"]}', '{"documentNames":"a"}'])(
    '400: %s',
    async (body) => {
      await expectReason(await ask(body), 400, 'request-invalid');
    },
  );

  test('another content type is 400', async () => {
    await expectReason(await ask('{}', { 'Content-Type': 'text/plain' }), 400, 'request-invalid');
  });

  test('16 KiB are read, a byte more and megabytes are 400', async () => {
    expect((await ask('{}'.padEnd(16_384))).status).toBe(200);
    await expectReason(await ask('{}'.padEnd(16_385)), 400, 'request-invalid');
    await expectReason(await ask('{}'.padEnd(5_000_000)), 400, 'request-invalid');
  });

  test('a compressed body is not inflated', async () => {
    const body = new Uint8Array(gzipSync(' '.repeat(10_000_000)));
    await expectReason(await ask(body, { ...json, 'Content-Encoding': 'gzip' }), 400, 'request-invalid');
  });

  test('nobody signed in is 401 with a challenge, an empty grant 403', async () => {
    const response = await (await run({ grant: async () => undefined }))({ method: 'POST' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    await expectReason(response, 401, 'signed-out');
    const empty = await run({ grant: () => ({ subject: 'eve', documents: {} }) });
    await expectReason(await empty({ method: 'POST' }), 403, 'document-forbidden');
  });

  test('the request reaches grant, whose failure is 500 without detail', async () => {
    const errors: unknown[] = [];
    const failure = new Error('hunter2');
    const grant = async (request: Request) => {
      if (request.headers.get('x-user') === null) throw failure;
      return ada;
    };
    const send = await run({ grant, onError: (error) => errors.push(error) });
    expect((await send({ method: 'POST', headers: { 'X-User': 'ada' } })).status).toBe(200);
    const response = await send({ method: 'POST' });
    expect(await response.clone().text()).not.toContain('hunter2');
    await expectReason(response, 500, 'internal-error');
    expect(errors).toEqual([failure]);
  });

  test('a signer may take its time', async () => {
    expect((await (await run({ sign: async (grant) => sign(grant) }))({ method: 'POST' })).status).toBe(200);
  });
});

const url = 'https://app.example/token';

test('a request from another site is 403, unless its origin is allowed', async () => {
  const crossSite = (origin: string) =>
    new Request(url, { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site', Origin: origin } });
  const handler = createTokenHandler({ ...options, allowedOrigins: ['https://editor.example'] });
  await expectReason(await handler(crossSite('https://evil.example')), 403, 'cross-site');
  await expectReason(await createTokenHandler(options)(crossSite('https://editor.example')), 403, 'cross-site');
  const response = await handler(crossSite('https://editor.example'));
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('a body that somebody has read is 400: what it asked is unknown', async () => {
  const request = new Request(url, { method: 'POST', headers: json, body: '{"documentNames":["a"]}' });
  await request.text();
  await expectReason(await createTokenHandler(options)(request), 400, 'request-invalid');
});

test('a body that breaks off is 400', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) });
  const init = { method: 'POST', headers: json, body, duplex: 'half' };
  await expectReason(await createTokenHandler(options)(new Request(url, init)), 400, 'request-invalid');
});

test('without onError, what failed is printed', async ({ onTestFinished }) => {
  const print = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => print.mockRestore());
  const failure = new Error('out of order');
  await createTokenHandler({ ...options, grant: () => Promise.reject(failure) })(new Request(url));
  expect(print.mock.calls).toEqual([['hocuspass:', failure]]);
});

test.each<[string, unknown]>([
  ['createTokenHandler: options must be an object', null],
  [
    'createTokenHandler: unknown option "rateLimit"; it takes sign, grant, allowedOrigins, onError',
    { ...options, rateLimit: false },
  ],
  ['createTokenHandler: "sign" must be a function', { grant: () => ada }],
  ['createTokenHandler: "grant" must be a function', { sign }],
  ['createTokenHandler: "onError" must be a function', { ...options, onError: 1 }],
  [
    'createTokenHandler: "allowedOrigins" must be a list of origins such as \'https://app.example\'',
    { ...options, allowedOrigins: 'https://app.example' },
  ],
])('%s', (message, wrong) => {
  expect(() => Reflect.apply(createTokenHandler, undefined, [wrong])).toThrow(new TypeError(message));
});
