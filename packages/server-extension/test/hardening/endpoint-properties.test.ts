import express from 'express';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requireAccess, tokenEndpoint } from '../../src/express.ts';
import { createTokenHandler } from '../../src/fetch.ts';
import type { AccessLevel, Grant } from '../../src/index.ts';
import { sign, verify } from '../support/passes.ts';
import { serve } from '../support/serve.ts';

const CANARY = 'canary7f3a';
const url = 'https://app.example/token';

const ada: Grant = {
  subject: 'ada',
  documents: { 'ada/*': 'write', 'team/*': 'comment', 'team/plan': 'read', 'team/x': 'none' },
};

const text = fc
  .oneof(fc.string({ unit: 'binary' }), fc.constantFrom('ada/diary', 'team/plan', 'team/x', '*', '__proto__'))
  .map((part) => part + CANARY);
const names = fc.array(fc.oneof(text, fc.anything()), { maxLength: 5 });
const bodies = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array([...new TextEncoder().encode(CANARY), ...bytes])),
  text,
  fc.json().map((json) => json + CANARY),
  fc.tuple(fc.json(), text).map(([json, value]) => `{"documentNames":${json},"x":${JSON.stringify(value)}}`),
  names.map((documentNames) =>
    JSON.stringify({ documentNames }, (_, value) => (typeof value === 'bigint' ? 0 : value)),
  ),
);
const types = fc.constantFrom(
  'application/json',
  'text/plain',
  `application/${CANARY}`,
  'application/json; charset=utf-8',
);

function silent(body: string): void {
  expect(body).not.toContain(CANARY);
  const problem = JSON.parse(body);
  expect(Object.keys(problem)).toEqual(['type', 'title', 'status', 'detail', 'reason']);
}

test('whatever is sent, an error echoes none of it, and the answer is one of the known ones', async () => {
  const handler = createTokenHandler({ sign, grant: () => ada });
  await fc.assert(
    fc.asyncProperty(bodies, types, async (body, type) => {
      const init = {
        method: 'POST',
        headers: { 'Content-Type': type },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      };
      const response = await handler(new Request(url, init));
      expect([200, 400, 403]).toContain(response.status);
      if (response.status !== 200) silent(await response.text());
    }),
    { numRuns: 2_000 },
  );
});

test('whatever is sent to a real Express, an error echoes none of it', async () => {
  const address = await serve(express().post('/', tokenEndpoint({ sign, grant: () => ada, rateLimit: false })));
  await fc.assert(
    fc.asyncProperty(bodies, types, async (body, type) => {
      const init = {
        method: 'POST',
        headers: { 'Content-Type': type },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      };
      const response = await fetch(`${address}/?${CANARY}`, init);
      expect([200, 400, 403]).toContain(response.status);
      if (response.status !== 200) silent(await response.text());
    }),
    { numRuns: 300 },
  );
});

test('whatever is in an Authorization header or a document name, an error echoes none of it', async () => {
  const address = await serve(
    express().get(
      '/',
      requireAccess({ verify, documentName: (req) => String(req.query.name) }),
      (_req, res) => void res.end(),
    ),
  );
  const header = fc.string({ unit: fc.constantFrom(...'aZ9-_.=,; "\\{}') }).map((part) => `${part}${CANARY}`);
  const { token } = sign(ada);
  await fc.assert(
    fc.asyncProperty(header, fc.boolean(), text, async (value, isValid, name) => {
      const headers = { Authorization: `Bearer ${isValid ? token : value}` };
      const response = await fetch(`${address}?name=${encodeURIComponent(name.toWellFormed())}`, { headers });
      if (response.status === 200) return;
      expect(String(response.headers.get('www-authenticate'))).not.toContain(CANARY);
      silent(await response.text());
    }),
    { numRuns: 300 },
  );
});

test('whatever a grant or a signer throws, nothing of it is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.boolean(), async (failure, isGrant) => {
      const thrown = [failure, new Error(CANARY), CANARY];
      for (const error of thrown) {
        const raise = () => Promise.reject(error);
        const handler = createTokenHandler({
          sign: isGrant ? sign : raise,
          grant: isGrant ? raise : () => ada,
          onError: () => {},
        });
        const response = await handler(new Request(url, { method: 'POST' }));
        expect(response.status).toBe(500);
        silent(await response.text());
      }
    }),
    { numRuns: 200 },
  );
});

test('a narrowed token never grants more than the whole one', async () => {
  const RANK = { read: 1, comment: 2, write: 3 } as const;
  const rank = (level: AccessLevel | undefined) => (level === undefined ? 0 : RANK[level]);
  const segment = fc.constantFrom('a', 'b', 'a/b', 'a/', 'ab');
  const levels = fc.constantFrom('none', 'read', 'comment', 'write');
  const documents = fc.dictionary(
    fc.oneof(
      segment,
      segment.map((prefix) => `${prefix}*`),
      fc.constant('*'),
    ),
    levels,
    { minKeys: 1, maxKeys: 6 },
  );
  await fc.assert(
    fc.asyncProperty(documents, fc.array(segment, { maxLength: 5 }), segment, async (documents, asked, probe) => {
      const handler = createTokenHandler({ sign, grant: () => ({ subject: 'ada', documents }) });
      const headers = { 'Content-Type': 'application/json' };
      const body = JSON.stringify({ documentNames: asked });
      const [whole, narrowed] = await Promise.all([
        handler(new Request(url, { method: 'POST' })),
        handler(new Request(url, { method: 'POST', headers, body })),
      ]);
      expect([200, 403]).toContain(narrowed.status);
      if (narrowed.status !== 200) return;
      const [all, some] = await Promise.all(
        [whole, narrowed].map(async (response) => (await verify((await response.json()).token)).access),
      );
      expect(rank(some?.levelFor(probe))).toBe(asked.includes(probe) ? rank(all?.levelFor(probe)) : 0);
    }),
    { numRuns: 500 },
  );
});
