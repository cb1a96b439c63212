import { AuthError } from './auth-error.ts';

/** The refusal of a token whose claims cannot be read. `what` is the beginning of a sentence that names no values. */
export function malformed(what: string): AuthError {
  return new AuthError('token-invalid', `The token is not valid: ${what}.`);
}
