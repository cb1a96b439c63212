import express, { type Request } from 'express';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type RequireAccessOptions,
  requireAccess,
  type TokenEndpointOptions,
  tokenEndpoint,
} from '../../src/express.ts';
import type { Claims } from '../../src/index.ts';
import { sign, verify } from '../support/passes.ts';
import { serve } from '../support/serve.ts';

declare module 'express-serve-static-core' {
  interface Request {
    member?: { id: string };
  }
}

test('grant and documentName see the request as the app has declared it', async () => {
  expectTypeOf<Parameters<TokenEndpointOptions['grant']>[0]>().toEqualTypeOf<Request>();
  expectTypeOf<Parameters<NonNullable<RequireAccessOptions['documentName']>>[0]>().toEqualTypeOf<Request>();
  const app = express()
    .use((req, _res, next) => {
      req.member = { id: 'ada' };
      next();
    })
    .post(
      '/token',
      tokenEndpoint({
        sign,
        grant: (req) =>
          req.member && {
            subject: req.member.id,
            documents: { [`${req.member.id}/*`]: 'write', 'handbook/*': 'read' },
          },
      }),
    )
    .get('/documents/*name', requireAccess({ verify, documentName: (req) => req.params.name }), (_req, res) => {
      const claims: Claims = res.locals.claims;
      res.json({ subject: claims.subject, level: claims.access.levelFor(res.locals.documentName) });
    });
  const url = await serve(app);
  const { token } = await (await fetch(`${url}/token`, { method: 'POST' })).json();
  const response = await fetch(`${url}/documents/ada/diary`, { headers: { Authorization: `Bearer ${token}` } });
  expect(await response.json()).toEqual({ subject: 'ada', level: 'write' });
});

test('grant may be what sessions and databases answer, null included', async () => {
  const find = async (id: string | undefined): Promise<{ id: string } | null> => (id === undefined ? null : { id });
  const endpoint = tokenEndpoint({
    sign,
    grant: async (req) => {
      const user = await find(req.get('x-user'));
      return user && { subject: user.id, documents: { [`${user.id}/*`]: 'write' } };
    },
  });
  const url = await serve(express().post('/token', endpoint));
  const statusFor = async (headers: HeadersInit) => (await fetch(`${url}/token`, { method: 'POST', headers })).status;
  expect([await statusFor({ 'x-user': 'ada' }), await statusFor({})]).toEqual([200, 401]);
});
