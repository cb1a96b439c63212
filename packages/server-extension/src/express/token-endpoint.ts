import type { Request, RequestHandler } from 'express';
import { checkOptions } from '../core/options.ts';
import { type AsyncSign, answerTokenRequest } from '../http/answer-token-request.ts';
import { requireFunction } from '../http/require-function.ts';
import { toAllowedOrigins } from '../http/same-site.ts';
import type { OnError } from '../http/to-refusal-answer.ts';
import type { Grant, Sign } from '../token/grant.ts';
import { createRateLimits } from './create-rate-limits.ts';
import { checkRateLimitOptions, type RateLimitOptions } from './rate-limit-options.ts';
import { readBody } from './read-body.ts';
import { sendAnswer } from './send-answer.ts';

/** Options of `tokenEndpoint`. */
export interface TokenEndpointOptions {
  /** `createSigner(…)`, or a function of your own that returns a promise. */
  sign: Sign | AsyncSign;
  /** What the person behind this request may do; `undefined` or `null` where nobody is signed in, which is answered `401`. */
  grant: (req: Request) => Grant | null | undefined | Promise<Grant | null | undefined>;
  /** Limits of requests, or `false` for none. @default 30 a minute for a subject, 300 for an address */
  rateLimit?: RateLimitOptions | false | undefined;
  /** Origins of other sites that may ask. CORS headers stay the app's. @default none */
  allowedOrigins?: readonly string[] | undefined;
  /** Told what `grant`, `sign` or the store threw, since no answer ever says it. @default prints to the console */
  onError?: OnError | undefined;
}

const WHERE = 'tokenEndpoint';

/**
 * Issues tokens: `POST`, and `GET` where it is mounted so. A JSON body `{ "documentNames": [...] }` narrows the token to
 * these documents. Answers `{ token, expiresAt, expiresInSeconds }`, or `application/problem+json` with a reason.
 *
 * Every request is counted for its address, except those of a subject over its own limit; an address without requests
 * left is refused before `grant` is asked. Behind a proxy, set Express's `trust proxy`.
 *
 * @example
 * app.post('/collab/token', tokenEndpoint({
 *   sign: createSigner({ secret }),
 *   grant: (req) => req.user && { subject: req.user.id, documents: { [`${req.user.id}/*`]: 'write' } },
 * }))
 *
 * @throws TypeError for wrong or unknown options.
 */
export function tokenEndpoint(options: TokenEndpointOptions): RequestHandler {
  checkOptions(WHERE, options, ['sign', 'grant', 'rateLimit', 'allowedOrigins', 'onError']);
  const { sign, grant, rateLimit = {}, onError } = options;
  requireFunction(WHERE, 'sign', sign);
  requireFunction(WHERE, 'grant', grant);
  if (onError !== undefined) requireFunction(WHERE, 'onError', onError);
  if (rateLimit !== false) checkRateLimitOptions(WHERE, rateLimit);
  const rules = { sign, onError, allowedOrigins: toAllowedOrigins(WHERE, options.allowedOrigins) };
  const toLimits = rateLimit === false ? undefined : createRateLimits(rateLimit);

  return async (req, res) => {
    const request = {
      method: req.method,
      header: (name: string) => req.get(name),
      readBody: () => readBody(req),
      grant: () => grant(req),
      limits: toLimits?.(req, res),
    };
    sendAnswer(res, await answerTokenRequest(request, rules));
  };
}
