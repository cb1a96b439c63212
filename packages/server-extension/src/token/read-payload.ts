import { isUtf8 } from 'node:buffer';
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import jwa from 'jwa';
import { malformed } from '../core/malformed.ts';
import { isSecretAlgorithm, type KeyPairAlgorithm, type SecretAlgorithm } from './algorithm.ts';
import type { UnverifiedToken } from './parse-token.ts';
import type { PreparedKey } from './prepare-keys.ts';

/** Checks the signature, and returns what it covers. Throws `AuthError('token-invalid')`. */
export function readPayload(token: string, { payload, signature }: UnverifiedToken, key: PreparedKey): unknown {
  const { alg, verifyWith } = key;
  const dot = token.lastIndexOf('.');
  const signed = token.slice(0, dot);
  const isGood = isSecretAlgorithm(alg)
    ? isMadeWith(verifyWith, alg, signed, signature)
    : isSignedBy(verifyWith, alg, signed, token.slice(dot + 1));
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

function isMadeWith(key: KeyObject, alg: SecretAlgorithm, signed: string, signature: Buffer): boolean {
  const made = createHmac(HASHES[alg], key).update(signed).digest();
  return made.length === signature.length && timingSafeEqual(made, signature);
}

/** By the part of `jsonwebtoken` that knows signatures: the rest would read the token once more. */
function isSignedBy(key: KeyObject, alg: KeyPairAlgorithm, signed: string, signature: string): boolean {
  try {
    return jwa(alg).verify(signed, signature, key);
  } catch {
    // What cannot even be a signature of this algorithm.
    return false;
  }
}
