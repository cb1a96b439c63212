export {
  type Access,
  type AccessLevel,
  AuthError,
  type Authorize,
  type AuthReason,
  type Claims,
  type Explanation,
  type ReadAccessOptions,
  readAccess,
  whatHelps,
} from './core.ts';
export { createRevocations, type RevocationsOptions } from './revocation/create-revocations.ts';
export type { RevocationEntry, RevocationStore } from './revocation/revocation-store.ts';
export type { RevocationTarget } from './revocation/revocation-target.ts';
export type { Revocations } from './revocation/revocations.ts';
export { createSigner, type SignerOptions } from './token/create-signer.ts';
export { createVerifier, type VerifierOptions } from './token/create-verifier.ts';
export type { Grant, IssuedToken, Sign, SignOptions } from './token/grant.ts';
export type { Key, KeyInput, KeyOptions, LocalKeyOptions, RemoteKeyOptions } from './token/key.ts';
export type { Verify } from './token/verify.ts';
