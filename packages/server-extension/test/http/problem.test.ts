import { expect, test } from 'vitest';
import { type ProblemReason, toProblem } from '../../src/http/problem.ts';

const ANSWERS: Readonly<Record<ProblemReason, readonly [status: number, title: string, challenge?: string]>> = {
  'signed-out': [401, 'Unauthorized', 'Bearer'],
  'token-missing': [401, 'Unauthorized', 'Bearer'],
  'token-invalid': [401, 'Unauthorized', 'Bearer error="invalid_token"'],
  'token-expired': [401, 'Unauthorized', 'Bearer error="invalid_token"'],
  'token-revoked': [401, 'Unauthorized', 'Bearer error="invalid_token"'],
  'subject-changed': [401, 'Unauthorized', 'Bearer error="invalid_token"'],
  'document-forbidden': [403, 'Forbidden', 'Bearer error="insufficient_scope"'],
  'cross-site': [403, 'Forbidden'],
  'request-invalid': [400, 'Bad Request'],
  'method-not-allowed': [405, 'Method Not Allowed'],
  'rate-limited': [429, 'Too Many Requests'],
  'internal-error': [500, 'Internal Server Error'],
  'auth-unavailable': [503, 'Service Unavailable'],
};

const reasons: ProblemReason[] = [
  'signed-out',
  'token-missing',
  'token-invalid',
  'token-expired',
  'token-revoked',
  'subject-changed',
  'document-forbidden',
  'cross-site',
  'request-invalid',
  'method-not-allowed',
  'rate-limited',
  'internal-error',
  'auth-unavailable',
];

test.each(reasons)('%s has its status, its challenge and its words', (reason) => {
  const [status, title, challenge] = ANSWERS[reason];
  const { headers, body, ...answer } = toProblem(reason);
  expect(answer.status).toBe(status);
  expect(headers).toEqual({
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...(challenge === undefined ? {} : { 'WWW-Authenticate': challenge }),
  });
  expect(JSON.parse(body)).toEqual({
    type: 'about:blank',
    title,
    status,
    reason,
    detail: expect.stringMatching(/^[A-Z].*\.$/),
  });
});

test('an answer can carry a header of its own', () => {
  expect(toProblem('rate-limited', { 'Retry-After': '7' }).headers).toMatchObject({ 'Retry-After': '7' });
});
