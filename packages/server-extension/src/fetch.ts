export { createTokenHandler, type TokenHandlerOptions } from './fetch/create-token-handler.ts';
export type { AsyncSign } from './http/answer-token-request.ts';
export type { ProblemReason } from './http/problem.ts';
