import { generateKeyPairSync } from 'node:crypto';

/** Key pairs as an app has them, made once. */
export const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
export const rsa2048 = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const pairs = [
  { alg: 'ES256', pair: p256 },
  { alg: 'ES384', pair: p384 },
  { alg: 'RS256', pair: rsa2048 },
  { alg: 'PS256', pair: rsa2048 },
] as const;
