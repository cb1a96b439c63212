import express, { type RequestHandler } from 'express';
import { expect, test } from 'vitest';
import { requireAccess, tokenEndpoint } from '../../src/express.ts';
import { createRevocations, createVerifier, type RevocationStore } from '../../src/index.ts';
import { createTestTokens } from '../../src/testing.ts';
import { sign, verify } from '../support/passes.ts';
import { serve } from '../support/serve.ts';
import { secret, signFor } from '../support/tokens.ts';

// What is said to those who are refused: enough to do what helps, and nothing else.

const ada = { subject: 'ada', documents: { 'ada/*': 'write', 'team/*': 'read' } } as const;
const json = { 'Content-Type': 'application/json' };

async function endpoint(grant: () => unknown = () => ada): Promise<string> {
  return serve(express().all('/', Reflect.apply(tokenEndpoint, undefined, [{ sign, grant, onError: () => {} }])));
}

async function told(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const { reason, status, ...words } = await response.json();
  expect(status).toBe(response.status);
  expect(Object.keys(words).sort()).toEqual(['detail', 'title', 'type']);
  return [status, reason, response.headers.get('www-authenticate')];
}

// Nobody and somebody without rights must be told apart: the one signs in, the other asks for more (RFC 9110, 15.5.2).
test('nobody is 401 with a challenge, and somebody without documents 403', async () => {
  for (const nobody of [undefined, null, false]) {
    expect(await told(await fetch(await endpoint(() => nobody), { method: 'POST' }))).toEqual([
      401,
      'signed-out',
      'Bearer',
    ]);
  }
  for (const documents of [{}, { '*': 'none' }]) {
    const url = await endpoint(() => ({ subject: 'ada', documents }));
    expect((await told(await fetch(url, { method: 'POST' }))).slice(0, 2)).toEqual([403, 'document-forbidden']);
  }
  const body = JSON.stringify({ documentNames: ['ben/diary'] });
  const response = await fetch(await endpoint(), { method: 'POST', headers: json, body });
  expect((await told(response)).slice(0, 2)).toEqual([403, 'document-forbidden']);
});

// An empty body must not be what a malformed one is taken for: the token would open more than was asked for.
test('what cannot be read as a wish is refused, and never read as none', async () => {
  const url = await endpoint();
  const names = (count: number) => JSON.stringify({ documentNames: Array.from({ length: count }, () => 'ada/a') });
  const bodies: [string, Record<string, string>][] = [
    [names(101), json],
    ['{"documentNames":["ada/a"]}', { ...json, 'Content-Encoding': 'gzip' }],
    ['{"documentNames":["ada/a"]}', { ...json, 'Content-Encoding': 'br, identity' }],
    ['{"documentNames":["ada/a"]}', { 'Content-Type': 'application/jsonp' }],
    ['{"documentNames":["ada/a"]}', { 'Content-Type': 'text/plain, application/json' }],
    ['{"documentNames":{"length":1}}', json],
    ['{"documentNames":[["ada/a"]]}', json],
    ['{"documentNames":"ada/a"}', json],
    ['{"documentNames":null}', json],
    [' ', json],
    ['ada/a', json],
    ['null', json],
  ];
  for (const [body, headers] of bodies) {
    expect([body, await told(await fetch(url, { method: 'POST', headers, body }))]).toEqual([
      body,
      [400, 'request-invalid', null],
    ]);
  }
  expect((await fetch(url, { method: 'POST', headers: json, body: names(100) })).status).toBe(200);
});

// RFC 6750, section 3.1: no error code for those who presented nothing, so that they learn nothing.
test('a route says which of the four it is: no token, a bad one, too little, or an outage', async () => {
  const lost: RevocationStore = {
    append: async () => {},
    follow: (_from, _onEntry, onState) => {
      onState('lost');
      return () => {};
    },
    close: async () => {},
  };
  const verifyLost = createVerifier({ secret, revocations: createRevocations({ store: lost }) });
  const reached: RequestHandler = (_req, res) => void res.send('in');
  const app = express()
    .get('/a', requireAccess({ verify, level: 'write', documentName: () => 'a' }), reached)
    .get('/lost', requireAccess({ verify: verifyLost, documentName: () => 'a' }), reached);
  const url = await serve(app);
  const get = (path: string, token?: string) =>
    fetch(`${url}${path}`, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });
  expect(await told(await get('/a'))).toEqual([401, 'token-missing', 'Bearer']);
  const bad = createTestTokens().sign();
  expect(await told(await get('/a', bad))).toEqual([401, 'token-invalid', 'Bearer error="invalid_token"']);
  const reader = signFor({ documents: { a: 'read' } });
  expect(await told(await get('/a', reader))).toEqual([403, 'document-forbidden', 'Bearer error="insufficient_scope"']);
  expect(await told(await get('/lost', signFor()))).toEqual([503, 'auth-unavailable', null]);
  expect(await (await get('/a', signFor())).text()).toBe('in');
});

// `level` without a document would be a check that never happens.
test('a level that nothing is asked for is refused at creation', () => {
  expect(() => requireAccess({ verify, level: 'write' })).toThrow(
    new TypeError('requireAccess: "level" needs "documentName"'),
  );
  expect(() => requireAccess({ verify, level: 'read' })).not.toThrow();
});
