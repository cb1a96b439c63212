/** Why something was refused, or could not be decided (`auth-unavailable`). The same words on server and client. */
export type AuthReason =
  | 'token-missing'
  | 'token-invalid'
  | 'token-expired'
  | 'token-revoked'
  | 'subject-changed'
  | 'document-forbidden'
  | 'rate-limited'
  | 'auth-unavailable';

/**
 * A refusal, or an outage, with its machine-readable reason. The message is for the server's log, and never contains a
 * token or a key; clients hear the reason alone.
 *
 * @example
 * const verify: Verify = async (token) => {
 *   const session = await findSession(token)
 *   if (session === undefined) throw new AuthError('token-invalid')
 *   return { subject: session.userId, expiresAt: session.end, access: readAccess({ documents: session.documents }), payload: {} }
 * }
 */
export class AuthError extends Error {
  readonly reason: AuthReason;

  constructor(reason: AuthReason, message: string = MESSAGES[reason], options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuthError';
    this.reason = reason;
  }
}

/** One plain sentence for each reason, for people: logs, problem details, demo. */
const MESSAGES: Readonly<Record<AuthReason, string>> = {
  'token-missing': 'No token was presented.',
  'token-invalid': 'The token is not valid.',
  'token-expired': 'The token has expired.',
  'token-revoked': 'The token was withdrawn.',
  'subject-changed': 'The token belongs to somebody else than the connection it was meant to renew.',
  'document-forbidden': 'The token does not grant this document.',
  'rate-limited': 'Too many attempts.',
  'auth-unavailable': 'Access cannot be checked right now.',
};
