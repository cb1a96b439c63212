/** What a key must be like for the algorithms that hocuspass knows (RFC 7518, section 3). `none` cannot be spelled. */
export const SECRET_ALGORITHMS = { HS256: 32, HS384: 48, HS512: 64 } as const;

export const KEY_PAIR_ALGORITHMS = {
  ES256: { type: 'ec', curve: 'prime256v1', description: 'an EC key on the curve P-256' },
  ES384: { type: 'ec', curve: 'secp384r1', description: 'an EC key on the curve P-384' },
  RS256: { type: 'rsa', curve: undefined, description: 'an RSA key of at least 2048 bits' },
  PS256: { type: 'rsa', curve: undefined, description: 'an RSA key of at least 2048 bits' },
} as const;

export type SecretAlgorithm = keyof typeof SECRET_ALGORITHMS;
export type KeyPairAlgorithm = keyof typeof KEY_PAIR_ALGORITHMS;
export type Algorithm = SecretAlgorithm | KeyPairAlgorithm;

export function isSecretAlgorithm(value: unknown): value is SecretAlgorithm {
  return typeof value === 'string' && Object.hasOwn(SECRET_ALGORITHMS, value);
}

export function isKeyPairAlgorithm(value: unknown): value is KeyPairAlgorithm {
  return typeof value === 'string' && Object.hasOwn(KEY_PAIR_ALGORITHMS, value);
}
