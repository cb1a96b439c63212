import type { JsonWebKey } from 'node:crypto';
import type { Key } from './key.ts';
import { prepareKeys } from './prepare-keys.ts';

/**
 * The public halves of keys as a JSON Web Key Set (RFC 7517, section 5), without those that are past their `notAfter`.
 * Throws a `TypeError` for secrets, which have none.
 */
export function toPublicJwks(keys: readonly Key[]): { keys: JsonWebKey[] } {
  const prepared = prepareKeys('jwksEndpoint', keys);
  const now = Date.now();
  return {
    keys: prepared.flatMap(({ kid, alg, verifyWith, notAfter }, position) => {
      if (verifyWith.type === 'secret') throw new TypeError(`jwksEndpoint: keys[${position}] is a secret`);
      if (now >= notAfter) return [];
      return { ...verifyWith.export({ format: 'jwk' }), alg, use: 'sig', kid };
    }),
  };
}
