import { AuthError, type AuthReason } from '../core/auth-error.ts';

/**
 * What Hocuspocus wants to be thrown: it sends `reason` to the client, and prints whatever has a `message`, so that a
 * flood of bad tokens would flood the log.
 */
export interface Refusal {
  readonly reason: AuthReason;
  /** Hocuspocus' close code for `Unauthorized`; clients never see it. */
  readonly code: 4401;
}

export function toRefusal(reason: AuthReason): Refusal {
  return { reason, code: 4401 };
}

/** The reason of an `AuthError`; anything else that was thrown is an outage. */
export function toReason(error: unknown): AuthReason {
  return error instanceof AuthError ? error.reason : 'auth-unavailable';
}
