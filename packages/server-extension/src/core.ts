export type { Access, Explanation } from './core/access.ts';
export { AuthError, type AuthReason } from './core/auth-error.ts';
export type { Claims } from './core/claims.ts';
export type { AccessLevel } from './core/level.ts';
export type { Authorize } from './core/level-now.ts';
export { type ReadAccessOptions, readAccess } from './core/read-access.ts';
export { whatHelps } from './core/what-helps.ts';
