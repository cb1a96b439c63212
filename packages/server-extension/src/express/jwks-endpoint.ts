import type { RequestHandler } from 'express';
import { checkOptions } from '../core/options.ts';
import { toProblem } from '../http/problem.ts';
import type { Key } from '../token/key.ts';
import { toPublicJwks } from '../token/to-jwks.ts';
import { sendAnswer } from './send-answer.ts';

/** Options of `jwksEndpoint`. */
export interface JwksEndpointOptions {
  /** The signer's key pairs. Only their public halves are published, each until its `notAfter`. */
  keys: readonly Key[];
}

// Verifiers keep a key set for some minutes anyway.
const HEADERS = { 'Content-Type': 'application/jwk-set+json', 'Cache-Control': 'public, max-age=300' } as const;

/**
 * Publishes the public halves of the signer's keys (RFC 7517), cacheable for five minutes, so that collaboration servers
 * need no secret. Throws a `TypeError` for wrong or unknown options, and for secrets, which have no public half.
 *
 * @example
 * app.get('/jwks.json', jwksEndpoint({ keys: [{ privateKey, alg: 'ES256', kid: '2025-01' }] }))
 * // elsewhere
 * const verify = createVerifier({ jwks: 'https://app.example/jwks.json', algorithms: ['ES256'] })
 */
export function jwksEndpoint(options: JwksEndpointOptions): RequestHandler {
  checkOptions('jwksEndpoint', options, ['keys']);
  const read = keepForAMinute(() => JSON.stringify(toPublicJwks(options.keys)));
  read();
  return (req, res) => {
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    if (isRead) sendAnswer(res, { status: 200, headers: HEADERS, body: read() });
    else sendAnswer(res, toProblem('method-not-allowed', { Allow: 'GET, HEAD' }));
  };
}

// Keys end at their `notAfter`, but parsing them for each request would be somebody else's lever.
function keepForAMinute(make: () => string): () => string {
  let kept = '';
  let until = 0;
  return () => {
    const now = Date.now();
    if (now >= until) {
      kept = make();
      until = now + 60_000;
    }
    return kept;
  };
}
