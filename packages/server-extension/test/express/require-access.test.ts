import express, { type RequestHandler } from 'express';
import { describe, expect, test, vi } from 'vitest';
import { type RequireAccessOptions, requireAccess } from '../../src/express.ts';
import {
  AuthError,
  type Authorize,
  type AuthReason,
  createRevocations,
  type RevocationEntry,
  type RevocationStore,
} from '../../src/index.ts';
import { expresses } from '../support/expresses.ts';
import { verify } from '../support/passes.ts';
import { serve } from '../support/serve.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';

const byQuery: RequireAccessOptions['documentName'] = (req) => {
  const { name } = req.query;
  return typeof name === 'string' ? name : undefined;
};

const tell: RequestHandler = (_req, res) => {
  const { claims, documentName } = res.locals;
  res.json({ subject: claims.subject, documentName, level: documentName && claims.access.levelFor(documentName) });
};

function get(url: string, token?: string): Promise<Response> {
  return fetch(url, token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } });
}

async function expectRefusal(
  response: Response,
  status: number,
  reason: AuthReason | string,
  challenge?: string,
): Promise<void> {
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([status, challenge ?? null]);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toMatchObject({ status, reason });
}

const INVALID = 'Bearer error="invalid_token"';
const INSUFFICIENT = 'Bearer error="insufficient_scope"';

describe.each(expresses)('%s', (_, express) => {
  function app(options: Partial<RequireAccessOptions> = {}): Promise<string> {
    return serve(express().get('/', requireAccess({ verify, documentName: byQuery, ...options }), tell));
  }

  test('a token that grants the document passes, and its claims are in res.locals', async () => {
    const response = await get(`${await app()}?name=team/plan`, signFor({ documents: { 'team/*': 'read' } }));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ subject: 'ada', documentName: 'team/plan', level: 'read' });
  });

  test('no credentials are 401 without an error code', async () => {
    const url = `${await app()}?name=a`;
    await expectRefusal(await get(url), 401, 'token-missing', 'Bearer');
    for (const header of ['', 'Bearer', 'Bearer ', 'Basic YWRhOmFkYQ==', 'Bearers abc', signFor()]) {
      await expectRefusal(await fetch(url, { headers: { Authorization: header } }), 401, 'token-missing', 'Bearer');
    }
  });

  test('tokens in the query, in a cookie or in a body are not looked at', async () => {
    const token = signFor();
    const response = await fetch(`${await app()}?name=a&access_token=${token}`, {
      headers: { Cookie: `token=${token}`, 'X-Token': token },
    });
    await expectRefusal(response, 401, 'token-missing', 'Bearer');
  });

  test('the scheme may be written in any case, and spaces follow it', async () => {
    const url = `${await app()}?name=a`;
    for (const scheme of ['bearer ', 'BEARER ', 'BeArEr    ']) {
      expect((await fetch(url, { headers: { Authorization: scheme + signFor() } })).status).toBe(200);
    }
  });

  test('a token that is none is 401 invalid_token', async () => {
    const url = `${await app()}?name=a`;
    for (const token of ['x', 'a.b.c', `${signFor()}x`, `${signFor()} ${signFor()}`, `${signFor()},`]) {
      await expectRefusal(await get(url, token), 401, 'token-invalid', INVALID);
    }
  });

  test('an expired token is 401 invalid_token', async () => {
    const { verify } = createTestVerifier();
    const url = `${await app({ verify })}?name=a`;
    const token = signFor({}, 0.001);
    await expect.poll(() => verify(token).catch(({ reason }) => reason)).toBe('token-expired');
    await expectRefusal(await get(url, token), 401, 'token-expired', INVALID);
  });

  test('a document that the token does not name is 403 insufficient_scope', async () => {
    const url = await app();
    await expectRefusal(
      await get(`${url}?name=ben/diary`, signFor({ documents: { 'ada/*': 'write' } })),
      403,
      'document-forbidden',
      INSUFFICIENT,
    );
    await expectRefusal(
      await get(`${url}?name=a`, signFor({ documents: {} })),
      403,
      'document-forbidden',
      INSUFFICIENT,
    );
  });

  test.each(['read', 'comment', 'write'] as const)(
    'by default read is enough, and %s may be asked for',
    async (level) => {
      const ranks = ['read', 'comment', 'write'] as const;
      const url = `${await app({ level })}?name=a`;
      for (const granted of ranks) {
        const isEnough = ranks.indexOf(granted) >= ranks.indexOf(level);
        const response = await get(url, signFor({ documents: { a: granted } }));
        if (isEnough) expect(response.status).toBe(200);
        else await expectRefusal(response, 403, 'document-forbidden', INSUFFICIENT);
      }
      expect(
        (await get(`${await app({ level: undefined })}?name=a`, signFor({ documents: { a: 'read' } }))).status,
      ).toBe(200);
    },
  );

  test('without documentName any good token passes, and the route asks the claims', async () => {
    const url = await app({ documentName: undefined });
    const response = await get(url, signFor({ documents: {} }));
    expect(await response.json()).toEqual({ subject: 'ada' });
    await expectRefusal(await get(url), 401, 'token-missing', 'Bearer');
  });

  test('a request without a document name is refused where one is asked for', async () => {
    await expectRefusal(await get(await app(), signFor()), 403, 'document-forbidden', INSUFFICIENT);
    await expectRefusal(
      await get(await app({ documentName: () => [] }), signFor()),
      403,
      'document-forbidden',
      INSUFFICIENT,
    );
  });

  test.each([
    '',
    '*',
    'a/*',
    '..',
    'a/../b',
    './a',
    'a\u0000b',
    ' a',
    '__proto__',
    'constructor',
    'a\u202eb',
    '\ufffd',
    'x'.repeat(513),
  ])('a name that no document may have is refused, whatever the token grants: %j', async (name) => {
    await expectRefusal(
      await get(await app({ documentName: () => name }), signFor()),
      403,
      'document-forbidden',
      INSUFFICIENT,
    );
  });

  test.each([
    ['write', undefined, 403],
    ['write', 'read', 403],
    ['write', 'write', 200],
    ['read', 'write', 403],
  ] as const)('where write is needed, the token grants %s and authorize %s: %i', async (granted, answer, status) => {
    const url = await app({ level: 'write', authorize: async () => answer });
    const response = await get(`${url}?name=a`, signFor({ documents: { a: granted } }));
    if (status === 200) expect(response.status).toBe(200);
    else await expectRefusal(response, 403, 'document-forbidden', INSUFFICIENT);
  });

  test('the route finds the level that token and authorize give together', async () => {
    const asked: unknown[] = [];
    const authorize: Authorize = ({ subject }, name) => {
      asked.push(subject, name);
      return 'comment';
    };
    const guard = requireAccess({ verify, documentName: byQuery, authorize });
    const url = await serve(express().get('/', guard, (_req, res) => void res.json(res.locals.level)));
    expect(await (await get(`${url}?name=a`, signFor({ documents: { a: 'write' } }))).json()).toBe('comment');
    expect(asked).toEqual(['ada', 'a']);
  });

  test('an authorize that fails is 503 without detail, and onError is told', async () => {
    const errors: unknown[] = [];
    const cause = new AuthError('token-invalid', 'no table "shares"');
    const authorize = () => Promise.reject(cause);
    const url = await app({ authorize, onError: (error) => errors.push(error) });
    await expectRefusal(await get(`${url}?name=a`, signFor()), 503, 'auth-unavailable');
    expect(errors).toEqual([new Error('"authorize" failed', { cause })]);
  });

  test('what is withdrawn while authorize is still thinking is refused', async () => {
    const { verify, revocations } = createTestVerifier();
    const authorize = async () => {
      await revocations.revoke({ document: 'a' });
      return 'write' as const;
    };
    await expectRefusal(
      await get(`${await app({ verify, authorize })}?name=a`, signFor()),
      401,
      'token-revoked',
      INVALID,
    );
  });

  test('segments of a name are joined by slashes', async () => {
    const url = await app({ documentName: () => ['team', 'plans', 'may'] });
    const response = await get(url, signFor({ documents: { 'team/plans/may': 'read' } }));
    expect(await response.json()).toMatchObject({ documentName: 'team/plans/may' });
    await expectRefusal(
      await get(await app({ documentName: () => ['team', '..', 'may'] }), signFor()),
      403,
      'document-forbidden',
      INSUFFICIENT,
    );
  });

  test('a segment that is missing makes no shorter name', async () => {
    const nothing: string = JSON.parse('[]')[0];
    const url = await app({ documentName: () => ['team', nothing] });
    await expectRefusal(await get(url, signFor()), 403, 'document-forbidden', INSUFFICIENT);
  });

  test('a documentName that answers nonsense is 500, and onError is told what it should answer', async () => {
    for (const nonsense of [7, true, {}, ['team', 7], [['team', 'plan']]]) {
      const errors: unknown[] = [];
      const documentName = () => JSON.parse(JSON.stringify(nonsense));
      const url = await app({ documentName, onError: (error) => errors.push(error) });
      await expectRefusal(await get(url, signFor()), 500, 'internal-error');
      const message = 'requireAccess: "documentName" must return a text, a list of texts, or nothing';
      expect(errors).toEqual([new TypeError(message)]);
    }
  });

  test('what was withdrawn is refused: by subject, session and document', async () => {
    const { verify, revocations } = createTestVerifier();
    const url = await app({ verify });
    const tokens = ['ada', 'ben', 'cleo'].map((subject) => signFor({ subject, session: `session of ${subject}` }));
    const [ada = '', ben = '', cleo = ''] = tokens;
    await revocations.revoke({ subject: 'ada' });
    await revocations.revoke({ session: 'session of ben' });
    await revocations.revoke({ subject: 'cleo', document: 'team/*' });
    await expectRefusal(await get(`${url}?name=team/plan`, ada), 401, 'token-revoked', INVALID);
    await expectRefusal(await get(`${url}?name=team/plan`, ben), 401, 'token-revoked', INVALID);
    await expectRefusal(await get(`${url}?name=team/plan`, cleo), 401, 'token-revoked', INVALID);
    expect((await get(`${url}?name=cleo/diary`, cleo)).status).toBe(200);
    expect((await get(`${url}?name=team/plan`, signFor({ subject: 'ada' }))).status).toBe(200);
  });

  test('a renewal that was asked for makes older tokens of the document expired', async () => {
    const { verify, revocations } = createTestVerifier();
    const token = signFor();
    await revocations.renew({ document: 'team/plan' });
    await expectRefusal(await get(`${await app({ verify })}?name=team/plan`, token), 401, 'token-expired', INVALID);
  });

  test('a verifier that cannot know is 503', async () => {
    const unavailable = () => Promise.reject(new AuthError('auth-unavailable'));
    await expectRefusal(await get(`${await app({ verify: unavailable })}?name=a`, signFor()), 503, 'auth-unavailable');
  });

  test('a store that is out is 503, also for a verifier that does not ask it', async () => {
    const revocations = createRevocations({ store: new SilentStore() });
    const url = await app({ verify: Object.assign((token: string) => verify(token), { revocations }) });
    await expectRefusal(await get(`${url}?name=a`, signFor()), 503, 'auth-unavailable');
    const list = await app({
      verify: Object.assign((token: string) => verify(token), { revocations }),
      documentName: undefined,
    });
    await expectRefusal(await get(list, signFor()), 503, 'auth-unavailable');
  });

  test('what was withdrawn is refused also where no document is asked for, by a verifier that does not ask', async () => {
    const revocations = createRevocations();
    const url = await app({
      verify: Object.assign((token: string) => verify(token), { revocations }),
      documentName: undefined,
    });
    const token = signFor({ session: 's1' });
    expect((await get(url, token)).status).toBe(200);
    await revocations.revoke({ session: 's1' });
    await expectRefusal(await get(url, token), 401, 'token-revoked', INVALID);
  });

  test('a verifier of the app that fails is 503 without detail, and onError is told', async () => {
    const errors: unknown[] = [];
    const failure = new Error('directory at 10.0.0.7 is gone');
    const url = await app({ verify: () => Promise.reject(failure), onError: (error) => errors.push(error) });
    const response = await get(`${url}?name=a`, signFor());
    expect(await response.clone().text()).not.toContain('10.0.0.7');
    await expectRefusal(response, 503, 'auth-unavailable');
    expect(errors).toEqual([failure]);
  });

  test('a verifier of the app that answers no claims is 503, also where no document is asked for', async () => {
    for (const nonsense of [null, true, {}, { subject: 'ada', expiresAt: null }]) {
      const errors: unknown[] = [];
      const verify = async () => JSON.parse(JSON.stringify(nonsense));
      const url = await app({ verify, documentName: undefined, onError: (error) => errors.push(error) });
      await expectRefusal(await get(url, signFor()), 503, 'auth-unavailable');
      expect(errors).toEqual([expect.any(TypeError)]);
    }
  });

  test('without onError, what failed is printed', async ({ onTestFinished }) => {
    const print = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => print.mockRestore());
    const failure = new Error('out of order');
    await get(`${await app({ verify: () => Promise.reject(failure) })}?name=a`, signFor());
    expect(print.mock.calls).toEqual([['hocuspass:', failure]]);
  });

  test('a documentName that throws is 500 without detail, and onError is told', async () => {
    const errors: unknown[] = [];
    const failure = new Error('no such column: secret_notes');
    const documentName = () => {
      throw failure;
    };
    const response = await get(await app({ documentName, onError: (error) => errors.push(error) }), signFor());
    expect(await response.clone().text()).not.toContain('secret_notes');
    await expectRefusal(response, 500, 'internal-error');
    expect(errors).toEqual([failure]);
  });

  test('an error of the route itself stays the app’s', async () => {
    const url = await serve(
      express()
        .get('/', requireAccess({ verify }), (_req, _res, next) => next(new Error('of the route')))
        .use(
          (error: Error, _req: unknown, res: express.Response, _next: unknown) =>
            void res.status(418).send(error.message),
        ),
    );
    const response = await get(url, signFor());
    expect([response.status, await response.text()]).toEqual([418, 'of the route']);
  });
});

test('a wildcard of Express 5 is a document name', async () => {
  const url = await serve(
    express().get('/documents/*name', requireAccess({ verify, documentName: (req) => req.params.name }), tell),
  );
  const token = signFor({ documents: { 'team/*': 'comment' } });
  expect(await (await get(`${url}/documents/team/plans/may`, token)).json()).toMatchObject({
    documentName: 'team/plans/may',
    level: 'comment',
  });
  expect(await (await get(`${url}/documents/team//x`, token)).json()).toMatchObject({ documentName: 'team//x' });
  for (const path of ['ben/diary', 'team/%2e%2e/secret', 'team/%2e%2e%2fsecret', 'team/*', 'team/%00', 'Team/plan']) {
    await expectRefusal(await get(`${url}/documents/${path}`, token), 403, 'document-forbidden', INSUFFICIENT);
  }
});

test.each<[string, unknown]>([
  ['requireAccess: options must be an object', undefined],
  [
    'requireAccess: unknown option "role"; it takes verify, level, documentName, authorize, onError',
    { verify, role: 'write' },
  ],
  ['requireAccess: "verify" must be a function', {}],
  ["requireAccess: \"level\" must be 'read', 'comment' or 'write'", { verify, level: 'none' }],
  ['requireAccess: "documentName" must be a function', { verify, documentName: 'a' }],
  ['requireAccess: "level" needs "documentName"', { verify, level: 'write' }],
  ['requireAccess: "authorize" must be a function', { verify, documentName: byQuery, authorize: 'read' }],
  ['requireAccess: "authorize" needs "documentName"', { verify, authorize: () => 'read' }],
  ['requireAccess: "onError" must be a function', { verify, onError: null }],
  ['"revocations" must come from createRevocations', { verify: Object.assign(() => {}, { revocations: {} }) }],
])('%s', (message, options) => {
  expect(() => Reflect.apply(requireAccess, undefined, [options])).toThrow(new TypeError(message));
});

/** A store that has not answered yet. */
class SilentStore implements RevocationStore {
  async append(_entry: RevocationEntry): Promise<void> {}
  follow(): () => void {
    return () => {};
  }
  async close(): Promise<void> {}
}
