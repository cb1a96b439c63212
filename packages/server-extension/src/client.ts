export { type AuthProvider, type AuthState, keepAuthenticated } from './client/keep-authenticated.ts';
export type { Snapshot } from './client/snapshot.ts';
export {
  createTokenSource,
  type IssuedTokenJson,
  type TokenEndpoint,
  type TokenSource,
  type TokenSourceOptions,
} from './client/token-source.ts';
export type { AuthReason } from './core/auth-error.ts';
export type { AccessLevel } from './core/level.ts';
