export type { AuthEvent } from './hocuspocus/audit.ts';
export type { AuthContext } from './hocuspocus/auth-context.ts';
export { JwtAuth } from './hocuspocus/jwt-auth.ts';
export type { JwtAuthOptions } from './hocuspocus/jwt-auth-options.ts';
export type { OpenConnection } from './hocuspocus/open-connection.ts';
