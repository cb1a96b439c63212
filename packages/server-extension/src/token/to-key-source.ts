import { checkDefined } from '../core/options.ts';
import { isKeyPairAlgorithm, KEY_PAIR_ALGORITHMS, type KeyPairAlgorithm } from './algorithm.ts';
import type { KeyOptions } from './key.ts';
import { KeyRing, type KeySource } from './key-ring.ts';
import { prepareKeyOptions } from './prepare-keys.ts';
import { RemoteKeys } from './remote-keys.ts';

/** Parses `secret`, `keys`, or `jwks` with `algorithms`. Throws a `TypeError` if it is not exactly one. */
export function toKeySource(where: string, options: KeyOptions): KeySource {
  checkDefined(where, options, ['secret', 'keys', 'jwks', 'algorithms']);
  if (['secret', 'keys', 'jwks'].filter((name) => Object.hasOwn(options, name)).length !== 1) {
    throw new TypeError(`${where}: needs exactly one of "secret", "keys", "jwks"`);
  }
  if (options.jwks !== undefined) {
    return new RemoteKeys(parseUrl(where, options.jwks), parseAlgorithms(where, options.algorithms));
  }
  if (options.algorithms !== undefined) throw new TypeError(`${where}: "algorithms" belongs to "jwks"`);
  return new KeyRing(prepareKeyOptions(where, options));
}

function parseUrl(where: string, value: URL | string): URL {
  const url = URL.parse(String(value));
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url && isSafe && url.username === '' && url.password === '') return url;
  throw new TypeError(`${where}: "jwks" must be an https address, or http on this machine, without a password`);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function parseAlgorithms(where: string, value: unknown): readonly KeyPairAlgorithm[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isKeyPairAlgorithm)) return [...value];
  throw new TypeError(`${where}: "algorithms" must list some of ${Object.keys(KEY_PAIR_ALGORITHMS).join(', ')}`);
}
