import type { JsonWebKey, KeyObject } from 'node:crypto';
import type { KeyPairAlgorithm, SecretAlgorithm } from './algorithm.ts';

/** PEM text, a JWK, or a `KeyObject` of node:crypto. */
export type KeyInput = string | JsonWebKey | KeyObject;

/** One key, for one algorithm. A secret signs and verifies; a private key signs, and verifies as its public half. */
export type Key = {
  /** Written into tokens, and selects among several keys. Up to 128 characters. */
  kid?: string | undefined;
  /** From then on the key neither signs nor verifies: for one that is being retired. */
  notAfter?: Date | undefined;
} & (
  | {
      /** Text counts as its UTF-8 bytes and is never decoded. At least as long as the hash: 32, 48 or 64 bytes. */
      secret: string | Uint8Array;
      /** @default 'HS256' */
      alg?: SecretAlgorithm | undefined;
      publicKey?: never;
      privateKey?: never;
    }
  | {
      publicKey?: KeyInput | undefined;
      privateKey?: KeyInput | undefined;
      alg: KeyPairAlgorithm;
      secret?: never;
    }
);

/** The keys of this process: exactly one of the two. */
export type LocalKeyOptions =
  | {
      /** One secret for HS256, of at least 32 bytes. */
      secret: string | Uint8Array;
      keys?: never;
      jwks?: never;
      algorithms?: never;
    }
  | {
      /** For other algorithms, and for rotation. */
      keys: readonly Key[];
      secret?: never;
      jwks?: never;
      algorithms?: never;
    };

/** Keys that somebody else publishes. */
export interface RemoteKeyOptions {
  /** Address of a JSON Web Key Set (RFC 7517): https, or http on this machine. */
  jwks: URL | string;
  /** The algorithms that its keys may be used for: 'ES256', 'ES384', 'RS256', 'PS256'. */
  algorithms: readonly (KeyPairAlgorithm | (string & Record<never, never>))[];
  secret?: never;
  keys?: never;
}

/** Where a verifier's keys come from: exactly one of the three. */
export type KeyOptions = LocalKeyOptions | RemoteKeyOptions;
