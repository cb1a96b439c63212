import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { requireAccess } from '../../src/express.ts';
import { startServer } from '../support/collaboration.ts';
import { expresses } from '../support/expresses.ts';
import { sign, verify } from '../support/passes.ts';
import { authFrame, RawClient } from '../support/raw-client.ts';
import { serve } from '../support/serve.ts';
import { createTestVerifier, signFor } from '../support/tokens.ts';
import { untilTrue } from '../support/until.ts';

/*
 * One document under another name: `team/*` may be read, `team/secret` not. Whatever a proxy, a router, a file system or
 * a log would take for `team/secret` must not be opened as something else that `team/*` covers.
 */

const documents = { 'team/*': 'read', 'team/secret': 'none' } as const;
const SAME = [
  'team/./secret',
  'team/x/../secret',
  '../team/secret',
  'team/secret ',
  ' team/secret',
  'team/secret\u0000',
  'team/secret\n',
  'team/se\u00adcret',
  'team/secret\u200b',
  '\ufeffteam/secret',
  'team/\u202eterces',
  'team/a\u2028b',
  'team/a\u2029b',
  'team/secret\ufffd',
];

test('no twin of a document is opened in the editor', async () => {
  const { verify: verifyStrictly } = createTestVerifier();
  const server = await startServer({ verify: verifyStrictly, limits: { refusalsPerMinute: 100 } });
  const page = await RawClient.open(server.url);
  const token = signFor({ documents });
  // What follows a NUL is the session, not the name.
  const names = ['team/secret', ...SAME.filter((name) => !name.includes('\u0000'))];
  for (const name of names) {
    page.send(authFrame(name, token));
    await untilTrue(() => page.refusals(name).length === 1, `${JSON.stringify(name)} is refused`);
    expect(page.refusals(name)).toEqual(['document-forbidden']);
  }
  await page.enter('team/plan', token);
});

test.each(expresses)('%s: no twin of a document is opened over HTTP, however it is encoded', async (label, express) => {
  const path = label === 'Express 4' ? '/d/*' : '/d/*name';
  const guard = requireAccess({ verify, documentName: (req) => req.params.name ?? req.params[0] });
  const url = await serve(express().get(path, guard, (_req, res) => void res.send(res.locals.documentName)));
  const { token } = sign({ subject: 'ada', documents });
  const open = (name: string) =>
    new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
      // fetch would resolve the dots itself.
      const headers = { Authorization: `Bearer ${token}` };
      const request = httpRequest(`${url}/`, { path: `/d/${name}`, headers }, async (response) => {
        resolve({ status: response.statusCode, body: (await response.toArray()).join('') });
      });
      request.on('error', reject).end();
    });
  const encoded = SAME.map((name) => name.split('/').map(encodeURIComponent).join('/'));
  const others = ['team/secret', 'team%2Fsecret', 'team%2fsecret', 'team/%73ecret', 'team/%2e%2e/team/secret'];
  for (const name of [...encoded, ...others]) {
    expect([name, (await open(name)).status]).toEqual([name, 403]);
  }
  // Decoded once, and not again: this is another document, with a percent sign in its name.
  expect(await open('team/%2573ecret')).toEqual({ status: 200, body: 'team/%73ecret' });
  expect(await open('team%2Fplan')).toEqual({ status: 200, body: 'team/plan' });
  // What is no UTF-8 never reaches the guard.
  for (const name of ['team/%ff', 'team/%ED%A0%80', 'team/%']) expect((await open(name)).status).toBe(400);
});
