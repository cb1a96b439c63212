/** What `jsonwebtoken` signs and verifies with; its published types know no `KeyObject`. */
declare module 'jwa' {
  import type { KeyObject } from 'node:crypto';
  import type { KeyPairAlgorithm } from './algorithm.ts';

  function jwa(algorithm: KeyPairAlgorithm): {
    /** `signature`: base64url. Throws if it cannot be one of this algorithm. */
    verify(signed: string, signature: string, publicKey: KeyObject): boolean;
  };
  export = jwa;
}
