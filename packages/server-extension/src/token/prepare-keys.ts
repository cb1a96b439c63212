import type { KeyObject } from 'node:crypto';
import { checkOptions } from '../core/options.ts';
import {
  type Algorithm,
  isKeyPairAlgorithm,
  isSecretAlgorithm,
  KEY_PAIR_ALGORITHMS,
  SECRET_ALGORITHMS,
} from './algorithm.ts';
import type { Key, KeyOptions } from './key.ts';
import { toPrivateKey, toPublicKey } from './to-key-pair.ts';
import { toSecretKey } from './to-secret-key.ts';

/** A key as it is used: parsed once, for one algorithm. */
export interface PreparedKey {
  kid?: string | undefined;
  alg: Algorithm;
  verifyWith: KeyObject;
  /** Absent where only the public half is known. */
  signWith?: KeyObject;
  /** Milliseconds since 1970. */
  notAfter: number;
}

/** Parses `secret` or `keys`, whichever is given. Throws a `TypeError` that names the option, never the key. */
export function prepareKeyOptions(where: string, options: KeyOptions): PreparedKey[] {
  return options.secret === undefined
    ? prepareKeys(where, options.keys)
    : [prepareKey(where, { secret: options.secret })];
}

/** Parses the option `keys`. Throws a `TypeError` that names the option, never the key. */
export function prepareKeys(where: string, keys: unknown): PreparedKey[] {
  if (!Array.isArray(keys) || keys.length === 0) throw new TypeError(`${where}: "keys" must be a list of keys`);
  const prepared = keys.map((key, position) => prepareKey(`${where}: keys[${position}]`, key));
  const kids = prepared.flatMap(({ kid }) => kid ?? []);
  if (new Set(kids).size < kids.length) throw new TypeError(`${where}: "keys" has the same "kid" twice`);
  return prepared;
}

function prepareKey(where: string, key: Key): PreparedKey {
  checkOptions(where, key, ['kid', 'notAfter', 'secret', 'publicKey', 'privateKey', 'alg']);
  const { kid, notAfter } = key;
  if (kid !== undefined && (typeof kid !== 'string' || kid === '' || kid.length > 128)) {
    throw new TypeError(`${where}: "kid" must be a text of up to 128 characters`);
  }
  if (notAfter !== undefined && !(notAfter instanceof Date && Number.isFinite(notAfter.getTime()))) {
    throw new TypeError(`${where}: "notAfter" must be a date`);
  }
  const isPair = key.publicKey !== undefined || key.privateKey !== undefined;
  if (isPair === Object.hasOwn(key, 'secret')) {
    throw new TypeError(`${where}: needs either "secret", or "publicKey" or "privateKey"`);
  }
  return {
    ...(isPair ? preparePair(where, key) : prepareSecret(where, key)),
    kid,
    notAfter: notAfter?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}

function prepareSecret(where: string, { secret, alg = 'HS256' }: Key) {
  if (!isSecretAlgorithm(alg)) throw new TypeError(`${where}: "alg" must be one of ${listOf(SECRET_ALGORITHMS)}`);
  const key = toSecretKey(where, secret, alg);
  return { alg, verifyWith: key, signWith: key };
}

function preparePair(where: string, { publicKey, privateKey, alg }: Key) {
  if (!isKeyPairAlgorithm(alg)) throw new TypeError(`${where}: "alg" must be one of ${listOf(KEY_PAIR_ALGORITHMS)}`);
  if (privateKey === undefined) return { alg, verifyWith: toPublicKey(where, 'publicKey', publicKey, alg) };
  const signWith = toPrivateKey(where, 'privateKey', privateKey, alg);
  const verifyWith = toPublicKey(where, 'privateKey', signWith, alg);
  if (publicKey !== undefined && !toPublicKey(where, 'publicKey', publicKey, alg).equals(verifyWith)) {
    throw new TypeError(`${where}: "publicKey" is not the public half of "privateKey"`);
  }
  return { alg, verifyWith, signWith };
}

function listOf(algorithms: object): string {
  return Object.keys(algorithms).join(', ');
}
