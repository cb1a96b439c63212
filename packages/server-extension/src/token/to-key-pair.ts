import { createPrivateKey, createPublicKey, type JsonWebKey, KeyObject } from 'node:crypto';
import { isRecord } from '../core/record.ts';
import { KEY_PAIR_ALGORITHMS, type KeyPairAlgorithm } from './algorithm.ts';

/** Makes a public key of PEM text, a JWK or a `KeyObject`; of a private one, its public half. Throws a `TypeError`. */
export function toPublicKey(where: string, option: string, input: unknown, alg: KeyPairAlgorithm): KeyObject {
  const key = attempt(() => parsePublicKey(input, alg));
  if (!key)
    throw new TypeError(`${where}: "${option}" must be a public key for ${alg}: PEM text, a JWK or a KeyObject`);
  if (isStrongEnough(key, alg)) return key;
  throw new TypeError(`${where}: "${option}" must be ${KEY_PAIR_ALGORITHMS[alg].description} for ${alg}`);
}

/**
 * Makes a private key of PEM text, a JWK or a `KeyObject`; its public half shows whether it fits the algorithm.
 * Throws a `TypeError`, also for a public one.
 */
export function toPrivateKey(where: string, option: string, input: unknown, alg: KeyPairAlgorithm): KeyObject {
  const key = attempt(() => parsePrivateKey(input, alg));
  if (!key)
    throw new TypeError(`${where}: "${option}" must be a private key for ${alg}: PEM text, a JWK or a KeyObject`);
  return key;
}

/** Whether a key is of the algorithm's type, on its curve, and long enough (RFC 7518, sections 3.3 to 3.5). */
function isStrongEnough(key: KeyObject, alg: KeyPairAlgorithm): boolean {
  const { type, curve } = KEY_PAIR_ALGORITHMS[alg];
  const { modulusLength = 0, namedCurve } = { ...key.asymmetricKeyDetails };
  if (key.asymmetricKeyType !== type) return false;
  return type === 'rsa' ? modulusLength >= 2048 : namedCurve === curve;
}

function parsePublicKey(input: unknown, alg: KeyPairAlgorithm): KeyObject | undefined {
  if (typeof input === 'string') return createPublicKey(input);
  if (input instanceof KeyObject) return input.type === 'public' ? input : createPublicKey(input);
  return isJwkFor(alg, input) ? createPublicKey({ key: input, format: 'jwk' }) : undefined;
}

function parsePrivateKey(input: unknown, alg: KeyPairAlgorithm): KeyObject | undefined {
  if (typeof input === 'string') return createPrivateKey(input);
  if (input instanceof KeyObject) return input.type === 'private' ? input : undefined;
  return isJwkFor(alg, input) ? createPrivateKey({ key: input, format: 'jwk' }) : undefined;
}

function isJwkFor(alg: KeyPairAlgorithm, input: unknown): input is JsonWebKey {
  return isRecord(input) && (input.alg ?? alg) === alg && (input.use ?? 'sig') === 'sig';
}

/** The library's messages are not for users, and might quote what they were given. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
