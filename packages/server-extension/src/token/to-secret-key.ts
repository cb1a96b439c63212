import { createSecretKey, type KeyObject } from 'node:crypto';
import { SECRET_ALGORITHMS, type SecretAlgorithm } from './algorithm.ts';

/** Makes a key of a secret. Throws a `TypeError` that never contains it. */
export function toSecretKey(where: string, secret: unknown, alg: SecretAlgorithm): KeyObject {
  const refuse = (problem: string) => new TypeError(`${where}: "secret" ${problem}`);
  if (typeof secret !== 'string' && !(secret instanceof Uint8Array)) throw refuse('must be text or bytes');
  const bytes = Buffer.from(secret);
  if (bytes.length === 0) throw refuse('is empty: is the environment variable that holds it set?');
  const text = bytes.toString();
  if (isKeyFile(text))
    throw refuse('looks like a PEM or JWK: hand it in through "keys", as a "publicKey" or "privateKey"');
  if (isPlaceholder(text)) throw refuse('is a placeholder; create one with: openssl rand -base64 48');
  const least = SECRET_ALGORITHMS[alg];
  if (bytes.length < least) throw refuse(`must be at least ${least} bytes long for ${alg}`);
  if (isRepetition(bytes)) throw refuse('repeats itself; create one with: openssl rand -base64 48');
  return createSecretKey(bytes);
}

function isKeyFile(text: string): boolean {
  return text.includes('-----BEGIN') || /^\s*\{.*"kty"/s.test(text);
}

/** Whether nothing but digits and punctuation is left once the words of placeholders are taken away. */
function isPlaceholder(text: string): boolean {
  const rest = text.toLowerCase().replace(PLACEHOLDER_WORDS, '');
  return rest.length < text.length && !/\p{Letter}/u.test(rest);
}

const PLACEHOLDER_WORDS = new RegExp(
  `
    undefined null nan object todo fixme placeholder default example sample demo test changeme changeit change
    replace insert please enter must should keep use set secret password passphrase token jwt key signing hs256
    hs384 hs512 sha256 super very long random secure strong safe private string value text here characters
    character chars char bits bit bytes byte least length minimum min production development prod dev local your
    this that with some something mine foobar foo bar baz qwerty asdf abc for the and not own to in is it be at
    an me my or of do a x
  `
    .trim()
    .split(/\s+/)
    .join('|'),
  'g',
);

/** Whether it is one run of bytes, up to half its length, over and over. */
function isRepetition(bytes: Uint8Array): boolean {
  for (let period = 1; period <= bytes.length / 2; period += 1) {
    if (bytes.every((byte, position) => position < period || byte === bytes[position - period])) return true;
  }
  return false;
}
