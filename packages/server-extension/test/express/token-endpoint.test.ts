import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import express, { type Request } from 'express';
import { describe, expect, test, vi } from 'vitest';
import { type TokenEndpointOptions, tokenEndpoint } from '../../src/express.ts';
import type { Grant } from '../../src/index.ts';
import { expresses } from '../support/expresses.ts';
import { sign, verify } from '../support/passes.ts';
import { serve } from '../support/serve.ts';

const ada: Grant = {
  subject: 'ada',
  session: 's1',
  documents: { 'ada/*': 'write', 'team/*': 'comment', 'team/plan': 'none' },
};
const options: TokenEndpointOptions = { sign, grant: () => ada };
const json = { 'Content-Type': 'application/json' };

function ask(url: string, documentNames: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ documentNames }) });
}

async function expectReason(response: Response, status: number, reason: string): Promise<void> {
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
    status,
    'application/problem+json',
    'no-store',
  ]);
  expect(await response.json()).toMatchObject({ status, reason });
}

async function accessOf(response: Response) {
  expect(response.status).toBe(200);
  const { token } = await response.json();
  return (await verify(token)).access;
}

describe.each(expresses)('%s', (_, express) => {
  function app(more: Partial<TokenEndpointOptions> = {}): Promise<string> {
    return serve(express().post('/', tokenEndpoint({ ...options, ...more })));
  }

  function parsingApp(more: Partial<TokenEndpointOptions> = {}): Promise<string> {
    return serve(
      express()
        .use(express.json())
        .post('/', tokenEndpoint({ ...options, ...more })),
    );
  }

  test.each<[string, unknown, string]>([
    ['no documents', { subject: 'ada' }, '"grant" must return { subject, documents }, or nothing'],
    ['null', { subject: 'ada', documents: null }, '"grant" must return { subject, documents }, or nothing'],
    [
      'a Map, of which nothing would be seen',
      { subject: 'ada', documents: new Map([['a', 'read']]) },
      '"grant" must return { subject, documents }, or nothing',
    ],
    [
      'an unknown level',
      { subject: 'ada', documents: { a: 'owner' } },
      '"grant" must return "documents" with patterns and levels: * stands only at the end',
    ],
  ])('a grant with %s is 500, and onError is told what it should be', async (_, wrong, message) => {
    const errors: unknown[] = [];
    const grant = (): Grant => Object(wrong);
    await expectReason(
      await ask(await app({ grant, onError: (error) => errors.push(error) }), ['a']),
      500,
      'internal-error',
    );
    expect(errors).toEqual([expect.objectContaining({ name: 'TypeError', message })]);
  });

  test('a token is issued, with its end in two forms, and nothing keeps it', async () => {
    const response = await fetch(await app(), { method: 'POST' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('etag')).toBeNull();
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const issued = await response.json();
    expect(Object.keys(issued)).toEqual(['token', 'expiresAt', 'expiresInSeconds']);
    const claims = await verify(issued.token);
    expect(claims).toMatchObject({ subject: 'ada', session: 's1' });
    expect(issued.expiresInSeconds).toBe(900);
    expect(Math.abs(Date.parse(issued.expiresAt) - claims.expiresAt.getTime())).toBeLessThan(2);
    expect(claims.access.levelFor('ada/diary')).toBe('write');
  });

  test('nobody signed in is 401 with a challenge', async () => {
    const response = await fetch(await app({ grant: () => undefined }), { method: 'POST' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    await expectReason(response, 401, 'signed-out');
  });

  test.each([{ documents: {} }, { documents: { 'team/*': 'none' as const } }])(
    'a grant of nothing is 403: %o',
    async (grant) => {
      await expectReason(
        await fetch(await app({ grant: () => ({ subject: 'eve', ...grant }) }), { method: 'POST' }),
        403,
        'document-forbidden',
      );
    },
  );

  test('a grant may take its time', async () => {
    const url = await app({ grant: (req: Request) => Promise.resolve(req.get('x-user') ? ada : undefined) });
    expect((await fetch(url, { method: 'POST', headers: { 'X-User': 'ada' } })).status).toBe(200);
    await expectReason(await fetch(url, { method: 'POST' }), 401, 'signed-out');
  });

  test('a signer may take its time', async () => {
    const url = await app({ sign: async (grant) => sign(grant) });
    expect((await accessOf(await fetch(url, { method: 'POST' }))).levelFor('ada/diary')).toBe('write');
  });

  describe.each([
    ['with its own parser', app],
    ['where the app parsed the body', parsingApp],
  ])('%s', (_, app) => {
    test('the token is narrowed to the documents asked for, each at its level', async () => {
      const access = await accessOf(await ask(await app(), ['ada/diary', 'team/roadmap', 'team/plan', 'ben/diary']));
      expect(
        ['ada/diary', 'team/roadmap', 'team/plan', 'ben/diary', 'ada/other'].map((name) => access.levelFor(name)),
      ).toEqual(['write', 'comment', undefined, undefined, undefined]);
    });

    test.each([[[]], [['ben/diary']], [['team/plan']]])('nothing left of the grant is 403: %o', async (names) => {
      await expectReason(await ask(await app(), names), 403, 'document-forbidden');
    });

    test('no body, an empty one and one without documentNames narrow nothing', async () => {
      const url = await app();
      for (const init of [
        {},
        { headers: json, body: '' },
        { headers: json, body: '{}' },
        { headers: json, body: '{"other":1}' },
      ]) {
        const access = await accessOf(await fetch(url, { method: 'POST', ...init }));
        expect(access.levelFor('ada/other')).toBe('write');
      }
    });

    test.each([
      ['*'],
      ['ada/*'],
      ['a*b'],
      [''],
      [' a'],
      ['a/../b'],
      ['a\u0000'],
      ['\ud800'],
      ['__proto__'],
      ['x'.repeat(513)],
      [7],
      [null],
    ])('a name that no document has is 400: %j', async (name) => {
      await expectReason(await ask(await app(), ['ada/diary', name]), 400, 'request-invalid');
    });

    test('100 names are read, 101 refused', async () => {
      const url = await app();
      const names = Array.from({ length: 101 }, (_, index) => `ada/${index}`);
      expect((await accessOf(await ask(url, names.slice(1)))).levelFor('ada/100')).toBe('write');
      await expectReason(await ask(url, names), 400, 'request-invalid');
    });

    test.each([null, 'ada/diary', { 0: 'ada/diary', length: 1 }, 5, true])(
      'documentNames that are no list are 400: %j',
      async (names) => {
        await expectReason(await ask(await app(), names), 400, 'request-invalid');
      },
    );

    test('other content types are 400, also where they hold JSON', async () => {
      const url = await app();
      const body = '{"documentNames":["ada/diary"]}';
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/problem+json',
        'application/jsonx',
        'multipart/form-data',
        '',
      ]) {
        await expectReason(
          await fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body }),
          400,
          'request-invalid',
        );
      }
    });

    test('the content type may be written as HTTP allows', async () => {
      const access = await accessOf(
        await ask(await app(), ['ada/diary'], { 'Content-Type': 'Application/JSON ; charset=UTF-8' }),
      );
      expect(access.levelFor('ada/other')).toBeUndefined();
    });

    test('a chunked body that turns out empty narrows nothing', async () => {
      const url = new URL(await app());
      const status = await new Promise((resolve, reject) => {
        const request = httpRequest(
          url,
          { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } },
          (response) => {
            response.resume();
            resolve(response.statusCode);
          },
        );
        request.on('error', reject).end();
      });
      expect(status).toBe(200);
    });
  });

  test.each(['[]', '["ada/diary"]', 'null', '7', '"x"', '{', '', 'ÿ'].slice(0, 6))(
    'a body that is no JSON object is 400: %s',
    async (body) => {
      await expectReason(await fetch(await app(), { method: 'POST', headers: json, body }), 400, 'request-invalid');
    },
  );

  test('a body that is not UTF-8 is 400', async () => {
    const body = Buffer.concat([Buffer.from('{"documentNames":["ada/'), Buffer.from([0xff]), Buffer.from('"]}')]);
    await expectReason(await fetch(await app(), { method: 'POST', headers: json, body }), 400, 'request-invalid');
  });

  test('16 KiB are read, a byte more is 400', async () => {
    const url = await app();
    const body = '{"documentNames":["ada/diary"]}'.padEnd(16_384);
    await accessOf(await fetch(url, { method: 'POST', headers: json, body }));
    await expectReason(await fetch(url, { method: 'POST', headers: json, body: `${body} ` }), 400, 'request-invalid');
  });

  test('a body of megabytes is 400, and answered', async () => {
    await expectReason(
      await fetch(await app(), { method: 'POST', headers: json, body: ' '.repeat(5_000_000) }),
      400,
      'request-invalid',
    );
  });

  test('a compressed body is not inflated', async () => {
    const url = await app();
    for (const text of ['{"documentNames":["ada/diary"]}', ' '.repeat(10_000_000)]) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...json, 'Content-Encoding': 'gzip' },
        body: gzipSync(text),
      });
      await expectReason(response, 400, 'request-invalid');
    }
  });

  test('a body that the app inflated and parsed is read', async () => {
    const body = gzipSync('{"documentNames":["ada/diary"]}');
    const response = await fetch(await parsingApp(), {
      method: 'POST',
      headers: { ...json, 'Content-Encoding': 'gzip' },
      body,
    });
    expect((await accessOf(response)).levelFor('ada/other')).toBeUndefined();
  });

  test('a body that somebody read without keeping it is 400: what it asked is unknown', async () => {
    const url = await serve(
      express()
        .use((req, _res, next) => req.on('end', next).resume())
        .post('/', tokenEndpoint(options)),
    );
    await expectReason(await ask(url, ['ada/diary']), 400, 'request-invalid');
  });

  test('a body parsed as something else than JSON is 400', async () => {
    const raw = await serve(
      express()
        .use(express.raw({ type: '*/*' }))
        .post('/', tokenEndpoint(options)),
    );
    await expectReason(await ask(raw, ['ada/diary']), 400, 'request-invalid');
    const form = await serve(
      express()
        .use(express.urlencoded({ extended: true }))
        .post('/', tokenEndpoint(options)),
    );
    const body = new URLSearchParams({ 'documentNames[]': 'ada/diary' });
    await expectReason(await fetch(form, { method: 'POST', body }), 400, 'request-invalid');
  });

  test('a body that the platform has parsed without reading the request counts', async () => {
    const send = async (body: unknown) => {
      const platform: express.RequestHandler = (req, _res, next) => {
        req.body = body;
        next();
      };
      return ask(await serve(express().post('/', platform, tokenEndpoint(options))), ['ada/other']);
    };
    expect((await accessOf(await send({ documentNames: ['ada/diary'] }))).levelFor('ada/other')).toBeUndefined();
    await expectReason(await send('{"documentNames":["ada/diary"]}'), 400, 'request-invalid');
  });

  test('GET works where it is mounted so', async () => {
    const url = await serve(express().get('/', tokenEndpoint(options)));
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });

  test.each(['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is 405, and signs nothing', async (method) => {
    const url = await serve(express().use('/', tokenEndpoint({ ...options, grant: () => expect.unreachable() })));
    const response = await fetch(url, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, POST');
    if (method !== 'HEAD') await expectReason(response, 405, 'method-not-allowed');
  });

  test('HEAD is 405 also where GET is mounted', async () => {
    const url = await serve(express().get('/', tokenEndpoint(options)));
    expect((await fetch(url, { method: 'HEAD' })).status).toBe(405);
  });

  test('a request from another site is 403 before the app is asked', async () => {
    const url = await app({ grant: () => expect.unreachable() });
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    await expectReason(await rawPost(url, headers), 403, 'cross-site');
  });

  test('allowedOrigins lets other sites ask, and sets no CORS headers', async () => {
    const url = await app({ allowedOrigins: ['https://app.example'] });
    const response = await rawPost(url, { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://app.example' });
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    await expectReason(
      await rawPost(url, { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' }),
      403,
      'cross-site',
    );
    await expectReason(await rawPost(url, { 'Sec-Fetch-Site': 'cross-site' }), 403, 'cross-site');
  });

  const failure = new Error('database at 10.0.0.7 refused password hunter2');
  const reject = () => Promise.reject(failure);
  const raise = () => {
    throw failure;
  };
  test.each([
    ['a grant that throws', { grant: raise }],
    ['a grant that rejects', { grant: reject }],
    ['a signer that throws', { sign: raise }],
    ['a signer that rejects', { sign: reject }],
  ])('%s is 500 without detail, and onError is told', async (_, failing) => {
    const errors: unknown[] = [];
    const response = await fetch(await app({ ...failing, onError: (error) => errors.push(error) }), { method: 'POST' });
    expect(await response.clone().text()).not.toMatch(/hunter2|10\.0\.0\.7|at /);
    await expectReason(response, 500, 'internal-error');
    expect(errors).toEqual([failure]);
  });

  test('a log that fails does not keep the answer back', async () => {
    await expectReason(
      await fetch(await app({ grant: raise, onError: raise }), { method: 'POST' }),
      500,
      'internal-error',
    );
  });

  test('an app that has answered inside grant is not answered over', async () => {
    const url = await serve(
      express().post(
        '/',
        tokenEndpoint({ ...options, grant: (req) => void req.res?.status(302).location('/sign-in').end() }),
      ),
    );
    expect((await fetch(url, { method: 'POST', redirect: 'manual' })).status).toBe(302);
  });

  test('expected refusals are told to nobody', async () => {
    const errors: unknown[] = [];
    const url = await app({ grant: () => undefined, onError: (error) => errors.push(error) });
    await fetch(url, { method: 'POST' });
    await fetch(url, { method: 'POST', headers: json, body: '{' });
    expect(errors).toEqual([]);
  });
});

test.each([null, false, '', 0])('an app without types that answers %j for nobody gets 401', async (nothing) => {
  const grant: TokenEndpointOptions['grant'] = () => JSON.parse(JSON.stringify(nothing));
  const url = await serve(express().post('/', tokenEndpoint({ ...options, grant })));
  await expectReason(await fetch(url, { method: 'POST' }), 401, 'signed-out');
});

test.each([
  true,
  'ada',
  [],
  {},
  { subject: '' },
  { subject: 7, documents: {} },
  { documents: { a: 'read' } },
  { subject: 'ada' },
])('a grant that is none is 500: %j', async (nonsense) => {
  const grant: TokenEndpointOptions['grant'] = () => JSON.parse(JSON.stringify(nonsense));
  const url = await serve(express().post('/', tokenEndpoint({ ...options, grant, onError: () => {} })));
  await expectReason(await fetch(url, { method: 'POST' }), 500, 'internal-error');
});

test('without onError, what failed is printed', async ({ onTestFinished }) => {
  const print = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => print.mockRestore());
  const failure = new Error('out of order');
  const url = await serve(express().post('/', tokenEndpoint({ ...options, grant: () => Promise.reject(failure) })));
  await fetch(url, { method: 'POST' });
  expect(print.mock.calls).toEqual([['hocuspass:', failure]]);
});

test.each<[string, unknown]>([
  ['tokenEndpoint: options must be an object', undefined],
  [
    'tokenEndpoint: unknown option "signer"; it takes sign, grant, rateLimit, allowedOrigins, onError',
    { ...options, signer: sign },
  ],
  ['tokenEndpoint: "sign" must be a function', { ...options, sign: undefined }],
  ['tokenEndpoint: "grant" must be a function', { ...options, grant: ada }],
  ['tokenEndpoint: "onError" must be a function', { ...options, onError: 'console' }],
  [
    'tokenEndpoint: "allowedOrigins" must be a list of origins such as \'https://app.example\'',
    { ...options, allowedOrigins: ['*'] },
  ],
])('%s', (message, wrong) => {
  const create: (options: never) => unknown = tokenEndpoint;
  expect(() => Reflect.apply(create, undefined, [wrong])).toThrow(new TypeError(message));
});

/** `fetch` sets Sec-Fetch headers of its own. */
function rawPost(url: string, headers: Record<string, string>): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers }, async (response) => {
      const chunks = await response.toArray();
      const init = {
        status: response.statusCode ?? 0,
        headers: new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
      };
      resolve(new Response(Buffer.concat(chunks), init));
    });
    request.on('error', reject).end();
  });
}
