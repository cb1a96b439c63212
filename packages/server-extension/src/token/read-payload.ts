import { isUtf8 } from 'node:buffer';
import jsonwebtoken from 'jsonwebtoken';
import { malformed } from '../core/malformed.ts';
import type { UnverifiedToken } from './parse-token.ts';
import type { PreparedKey } from './prepare-keys.ts';

/** What time and the other claims mean is for `readClaims` to say. */
const OPTIONS = { ignoreExpiration: true, ignoreNotBefore: true } as const;

/** Checks the signature, and returns what it covers. Throws `AuthError('token-invalid')`. */
export function readPayload(token: string, { payload }: UnverifiedToken, key: PreparedKey): unknown {
  let parsed: unknown;
  try {
    parsed = jsonwebtoken.verify(token, key.verifyWith, { ...OPTIONS, algorithms: [key.alg] });
  } catch {
    throw malformed('its signature does not match');
  }
  // jsonwebtoken reads invalid bytes as U+FFFD, which other readers might see differently.
  if (!isUtf8(payload)) throw malformed('its payload is not UTF-8');
  return parsed;
}
