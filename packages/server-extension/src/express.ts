export { type JwksEndpointOptions, jwksEndpoint } from './express/jwks-endpoint.ts';
export type { RateLimitOptions } from './express/rate-limit-options.ts';
export { type RequireAccessOptions, requireAccess } from './express/require-access.ts';
export { type TokenEndpointOptions, tokenEndpoint } from './express/token-endpoint.ts';
export type { AsyncSign } from './http/answer-token-request.ts';
export type { ProblemReason } from './http/problem.ts';
