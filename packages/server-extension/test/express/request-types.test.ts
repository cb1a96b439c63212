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
