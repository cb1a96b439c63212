import type { AuthReason } from '../core/auth-error.ts';
import type { Answer } from './answer.ts';

/** Why an answer over HTTP is not what was asked for: an `AuthReason`, or what only a request can do wrong. */
export type ProblemReason =
  | AuthReason
  | 'signed-out'
  | 'cross-site'
  | 'request-invalid'
  | 'method-not-allowed'
  | 'internal-error';

interface Problem {
  status: number;
  title: string;
  detail: string;
  headers?: Readonly<Record<string, string>>;
}

// RFC 6750, section 3.1: no error code where no credentials were presented.
const CHALLENGE = { 'WWW-Authenticate': 'Bearer' } as const;
const INVALID_TOKEN = { 'WWW-Authenticate': 'Bearer error="invalid_token"' } as const;
const INSUFFICIENT_SCOPE = { 'WWW-Authenticate': 'Bearer error="insufficient_scope"' } as const;

const UNAUTHORIZED = { status: 401, title: 'Unauthorized' } as const;
const FORBIDDEN = { status: 403, title: 'Forbidden' } as const;

const PROBLEMS: Readonly<Record<ProblemReason, Problem>> = {
  'signed-out': { ...UNAUTHORIZED, detail: 'Nobody is signed in.', headers: CHALLENGE },
  'token-missing': { ...UNAUTHORIZED, detail: 'No token was presented.', headers: CHALLENGE },
  'token-invalid': { ...UNAUTHORIZED, detail: 'The token is not valid.', headers: INVALID_TOKEN },
  'token-expired': { ...UNAUTHORIZED, detail: 'The token has expired.', headers: INVALID_TOKEN },
  'token-revoked': { ...UNAUTHORIZED, detail: 'The token was withdrawn.', headers: INVALID_TOKEN },
  'subject-changed': { ...UNAUTHORIZED, detail: 'The token belongs to somebody else.', headers: INVALID_TOKEN },
  'document-forbidden': { ...FORBIDDEN, detail: 'This is not granted.', headers: INSUFFICIENT_SCOPE },
  'cross-site': { ...FORBIDDEN, detail: 'Requests from other sites are refused.' },
  'request-invalid': { status: 400, title: 'Bad Request', detail: 'The body is not what this endpoint reads.' },
  'method-not-allowed': {
    status: 405,
    title: 'Method Not Allowed',
    detail: 'This endpoint does not answer that method.',
  },
  'rate-limited': { status: 429, title: 'Too Many Requests', detail: 'Too many attempts.' },
  'internal-error': { status: 500, title: 'Internal Server Error', detail: 'Something failed on the server.' },
  'auth-unavailable': { status: 503, title: 'Service Unavailable', detail: 'Access cannot be checked right now.' },
};

/** The answer that says why not, as `application/problem+json` (RFC 9457). Its words are fixed: it can echo nothing. */
export function toProblem(reason: ProblemReason, headers: Readonly<Record<string, string>> = {}): Answer {
  const { status, title, detail, headers: own } = PROBLEMS[reason];
  return {
    status,
    headers: { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store', ...own, ...headers },
    body: JSON.stringify({ type: 'about:blank', title, status, detail, reason }),
  };
}
