import { isRecord } from '../core/record.ts';
import type { KeyPairAlgorithm } from './algorithm.ts';
import type { PreparedKey } from './prepare-keys.ts';
import { toPublicKey } from './to-key-pair.ts';

/** The keys of a published set that verify signatures with one of the algorithms; the others are passed over. */
export function parseKeySet(jwks: readonly unknown[], algorithms: readonly KeyPairAlgorithm[]): PreparedKey[] {
  return jwks.flatMap((jwk) => algorithms.flatMap((alg) => parseKey(jwk, alg) ?? []));
}

function parseKey(jwk: unknown, alg: KeyPairAlgorithm): PreparedKey | undefined {
  // A private key in a published set is everybody's.
  if (!isRecord(jwk) || Object.hasOwn(jwk, 'd')) return undefined;
  const { kid, key_ops: operations = ['verify'] } = jwk;
  if (!Array.isArray(operations) || !operations.includes('verify')) return undefined;
  try {
    const verifyWith = toPublicKey('jwks', 'keys', jwk, alg);
    return { alg, verifyWith, notAfter: Number.POSITIVE_INFINITY, kid: typeof kid === 'string' ? kid : undefined };
  } catch {
    return undefined;
  }
}
