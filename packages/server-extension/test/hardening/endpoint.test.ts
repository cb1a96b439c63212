import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import express, { type RequestHandler } from 'express';
import { expect, test } from 'vitest';
import { jwksEndpoint, requireAccess, tokenEndpoint } from '../../src/express.ts';
import { createTokenHandler } from '../../src/fetch.ts';
import { createRevocations, createVerifier, type Grant } from '../../src/index.ts';
import { createTestTokens } from '../../src/testing.ts';
import { sign, verify } from '../support/passes.ts';
import { serve } from '../support/serve.ts';
import { secret } from '../support/tokens.ts';

// One test for each weakness of token endpoints that are written by hand, with its reason and source.

const ada: Grant = { subject: 'ada', documents: { 'ada/*': 'write', 'team/*': 'read' } };
const json = { 'Content-Type': 'application/json' };
const endpoint = (grant: () => Grant | undefined = () => ada) =>
  tokenEndpoint({ sign, grant, rateLimit: false, onError: () => {} });

async function accessOf(response: Response) {
  expect(response.status).toBe(200);
  return (await verify((await response.json()).token)).access;
}

test('a token is never cached, nor revalidated (RFC 6749, section 5.1)', async () => {
  const url = await serve(express().set('etag', 'strong').get('/', endpoint()));
  const { headers } = await fetch(url);
  expect([headers.get('cache-control'), headers.get('etag'), headers.get('last-modified')]).toEqual([
    'no-store',
    null,
    null,
  ]);
});

test('a refusal is never cached either: signing in would not end it', async () => {
  const { headers } = await fetch(
    await serve(
      express().get(
        '/',
        endpoint(() => undefined),
      ),
    ),
  );
  expect([headers.get('cache-control'), headers.get('etag')]).toEqual(['no-store', null]);
});

test('a client cannot ask for a pattern: it would reach documents nobody listed', async () => {
  const url = await serve(
    express().post(
      '/',
      endpoint(() => ({ subject: 'ada', documents: { '*': 'write' } })),
    ),
  );
  for (const name of ['*', 'team/*', '**', 'a*b', '\u002a']) {
    const response = await fetch(url, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ documentNames: [name] }),
    });
    expect(response.status).toBe(400);
  }
});

test('a client cannot widen its grant, whatever else it says in the body', async () => {
  const url = await serve(express().post('/', endpoint()));
  const documentNames = ['team/plan', 'ben/diary'];
  const body = JSON.stringify({
    documentNames,
    documents: { '*': 'write' },
    subject: 'ben',
    level: 'write',
    allowedDocumentNames: ['*'],
  });
  const access = await accessOf(await fetch(url, { method: 'POST', headers: json, body }));
  expect(['team/plan', 'ben/diary', 'other'].map((name) => access.levelFor(name))).toEqual([
    'read',
    undefined,
    undefined,
  ]);
});

test('of a key that stands twice the last counts, and is checked', async () => {
  const url = await serve(express().post('/', endpoint()));
  const send = (body: string) => fetch(url, { method: 'POST', headers: json, body });
  const access = await accessOf(await send('{"documentNames":["ben/diary"],"documentNames":["team/plan"]}'));
  expect(access.levelFor('team/plan')).toBe('read');
  expect((await send('{"documentNames":["team/plan"],"documentNames":["*"]}')).status).toBe(400);
});

test('__proto__ in a body changes nothing and asks for nothing (prototype pollution)', async () => {
  const url = await serve(express().post('/', endpoint()));
  const send = (body: string) => fetch(url, { method: 'POST', headers: json, body });
  const access = await accessOf(await send('{"__proto__":{"documentNames":["team/plan"]}}'));
  expect(access.levelFor('ada/diary')).toBe('write');
  expect((await send('{"documentNames":["__proto__"]}')).status).toBe(400);
  expect((await send('{"documentNames":["constructor"]}')).status).toBe(400);
  expect(Object.hasOwn(Object.prototype, 'documentNames')).toBe(false);
});

test('a polluted prototype asks for nothing', async ({ onTestFinished }) => {
  Object.defineProperty(Object.prototype, 'documentNames', { value: ['team/plan'], configurable: true });
  onTestFinished(() => void Reflect.deleteProperty(Object.prototype, 'documentNames'));
  const access = await accessOf(
    await fetch(await serve(express().post('/', endpoint())), { method: 'POST', headers: json, body: '{}' }),
  );
  expect(access.levelFor('ada/diary')).toBe('write');
});

test('a small body cannot become a large one (gzip bomb)', async () => {
  const url = await serve(express().post('/', endpoint()));
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
  const before = process.memoryUsage().rss;
  const response = await fetch(url, { method: 'POST', headers: { ...json, 'Content-Encoding': 'gzip' }, body: bomb });
  expect(response.status).toBe(400);
  expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
});

test('an endless body is not kept in memory', async () => {
  const url = new URL(await serve(express().post('/', endpoint())));
  const chunk = Buffer.alloc(1_000_000, 0x20);
  const before = process.memoryUsage().arrayBuffers;
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: json }, (response) =>
      resolve(response.resume().statusCode),
    );
    request.on('error', reject);
    let sent = 0;
    const push = () => {
      while (sent < 100) {
        sent += 1;
        if (!request.write(chunk)) return request.once('drain', push);
      }
      return request.end();
    };
    push();
  });
  expect(status).toBe(400);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
});

test('deep JSON is refused without harm', async () => {
  const url = await serve(express().post('/', endpoint()));
  const body = `{"documentNames":${'['.repeat(8_000)}${']'.repeat(8_000)}}`;
  expect((await fetch(url, { method: 'POST', headers: json, body })).status).toBe(400);
});

test('a form of another site cannot ask: its content types are refused (CSRF)', async () => {
  const url = await serve(express().post('/', endpoint()));
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: '{"documentNames":["team/plan"]}',
    });
    expect(response.status).toBe(400);
  }
});

test('a page of another site cannot ask, and by default no page of another site can read (CORS)', async () => {
  const url = new URL(
    await serve(
      express().post(
        '/',
        endpoint(() => expect.unreachable()),
      ),
    ),
  );
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const sent = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    const request = httpRequest(url, { method: 'POST', headers: sent }, (response) => {
      resolve({ status: response.resume().statusCode, ...response.headers });
    });
    request.on('error', reject).end();
  });
  expect(headers.status).toBe(403);
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

test('a request that breaks off harms nobody', async () => {
  const url = new URL(await serve(express().post('/', endpoint())));
  const socket = connect(Number(url.port), url.hostname);
  const head =
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"documentNa';
  await new Promise<void>((resolve) => socket.write(head, () => resolve()));
  await new Promise<void>((resolve) => socket.destroy().on('close', () => resolve()));
  expect((await fetch(url, { method: 'POST' })).status).toBe(200);
});

test('an error page with a stack never leaves, in development neither', async () => {
  const failing = endpoint(() => {
    throw new Error('secret detail');
  });
  const app = express().set('env', 'development').post('/', failing);
  const body = await (await fetch(await serve(app), { method: 'POST' })).text();
  expect(body).not.toMatch(/secret detail|\.ts|node_modules/);
});

test('an answer for one person is not one for everybody: a grant is asked for each request', async () => {
  let turn = 0;
  const url = await serve(
    express().post(
      '/',
      endpoint(() => ({ subject: `user${turn++}`, documents: { '*': 'read' } })),
    ),
  );
  const subjects = await Promise.all(
    [0, 1].map(async () => (await verify((await (await fetch(url, { method: 'POST' })).json()).token)).subject),
  );
  expect(subjects.sort()).toEqual(['user0', 'user1']);
});

test('a token of somebody else’s secret opens no route', async () => {
  const url = await serve(
    express().get('/', requireAccess({ verify, documentName: () => 'a' }), (_req, res) => void res.send('in')),
  );
  const { sign: signElsewhere } = createTestTokens();
  const response = await fetch(url, { headers: { Authorization: `Bearer ${signElsewhere()}` } });
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
});

test('a token in the address is not taken: addresses are logged (RFC 6750, section 5.3)', async () => {
  const url = await serve(express().get('/', requireAccess({ verify }), (_req, res) => void res.send('in')));
  const { token } = sign(ada);
  expect((await fetch(`${url}?access_token=${token}&token=${token}`)).status).toBe(401);
});

test('a guard that fails does not let the request through', async () => {
  const broken = Object.assign(() => Promise.reject(new Error('out of order')), {});
  const reached: RequestHandler = () => expect.unreachable();
  const url = await serve(express().get('/', requireAccess({ verify: broken, onError: () => {} }), reached));
  expect((await fetch(url, { headers: { Authorization: 'Bearer x' } })).status).toBe(503);
});

test('a key set never holds a private half or a secret', async () => {
  const { generateKeyPairSync } = await import('node:crypto');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const url = await serve(express().get('/', jwksEndpoint({ keys: [{ privateKey, alg: 'PS256' }] })));
  const [key] = (await (await fetch(url)).json()).keys;
  expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kty', 'n', 'use']);
});

test('a handler of fetch keeps the same rules', async () => {
  const handler = createTokenHandler({ sign, grant: () => ada });
  const post = (init: RequestInit) => handler(new Request('https://app.example/token', { method: 'POST', ...init }));
  expect((await post({ headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
  expect((await post({ headers: json, body: '{"documentNames":["*"]}' })).status).toBe(400);
  expect((await post({ body: new URLSearchParams({ a: 'b' }) })).status).toBe(400);
  expect((await post({})).headers.get('cache-control')).toBe('no-store');
});

// A person logs out while the app is still deciding, or a limit is still being counted: a token that was signed
// afterwards would carry a later iat, and survive the logout.
test('a token whose grant was decided before a logout does not survive the logout', async () => {
  const revocations = createRevocations();
  const asked = Promise.withResolvers<void>();
  const decided = Promise.withResolvers<void>();
  const grant = async (): Promise<Grant> => {
    asked.resolve();
    await decided.promise;
    return { subject: 'ada', session: 's1', documents: { a: 'write' } };
  };
  const url = await serve(express().post('/', tokenEndpoint({ sign, grant })));
  const response = fetch(url, { method: 'POST' });
  await asked.promise;
  await revocations.revoke({ session: 's1' });
  decided.resolve();
  const { token } = await (await response).json();
  const verifyRevoked = createVerifier({ secret, revocations });
  await expect(verifyRevoked(token)).rejects.toMatchObject({ reason: 'token-revoked' });
  const { token: next } = await (await fetch(url, { method: 'POST' })).json();
  await expect(verifyRevoked(next)).resolves.toMatchObject({ session: 's1' });
});
