/** Why no token could be had: the first two are final, until somebody signs in or is given access. */
type TokenErrorReason = 'signed-out' | 'document-forbidden' | 'auth-unavailable';

/** No token could be had. */
export interface TokenError extends Error {
  readonly reason: TokenErrorReason;
}

/** What something thrown means: a `Response`, or whatever else has a `status`; an outage where it has none. */
export function toTokenError(cause: unknown): TokenError {
  const { status } = Object(cause);
  const reason = status === 401 ? 'signed-out' : status === 403 ? 'document-forbidden' : 'auth-unavailable';
  return Object.assign(new Error(reason, { cause }), { reason } as const);
}
