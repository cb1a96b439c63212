import { isUtf8 } from 'node:buffer';
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { malformed } from '../core/malformed.ts';
import { isSecretAlgorithm, type SecretAlgorithm } from './algorithm.ts';
import type { UnverifiedToken } from './parse-token.ts';
import type { PreparedKey } from './prepare-keys.ts';

/** Checks the signature, and returns what it covers. Throws `AuthError('token-invalid')`. */
export function readPayload(token: string, unverified: UnverifiedToken, key: PreparedKey): unknown {
  const { payload, signature } = unverified;
  const { alg, verifyWith } = key;
  const isGood = isSecretAlgorithm(alg)
    ? isMadeWith(verifyWith, alg, token, signature)
    : isSignedBy(verifyWith, alg, token);
  if (!isGood) throw malformed('its signature does not match');
  // Invalid bytes would become U+FFFD, which other readers might see differently.
  if (!isUtf8(payload)) throw malformed('its payload is not UTF-8');
  const text = payload.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const HASHES: Readonly<Record<SecretAlgorithm, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/** What `jsonwebtoken` would do too, without reading the token once more: that takes as long as all the rest. */
function isMadeWith(key: KeyObject, alg: SecretAlgorithm, token: string, signature: Buffer): boolean {
  const made = createHmac(HASHES[alg], key)
    .update(token.slice(0, token.lastIndexOf('.')))
    .digest();
  return made.length === signature.length && timingSafeEqual(made, signature);
}

/** What time and the other claims mean is for `readClaims` to say. */
const OPTIONS = { ignoreExpiration: true, ignoreNotBefore: true } as const;

function isSignedBy(key: KeyObject, alg: PreparedKey['alg'], token: string): boolean {
  try {
    jsonwebtoken.verify(token, key, { ...OPTIONS, algorithms: [alg] });
    return true;
  } catch {
    return false;
  }
}
