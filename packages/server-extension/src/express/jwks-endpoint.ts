import type { RequestHandler } from 'express';
import { checkOptions } from '../core/options.ts';
import { toProblem } from '../http/problem.ts';
import type { Key } from '../token/key.ts';
import { toPublicJwks } from '../token/to-jwks.ts';
import { sendAnswer } from './send-answer.ts';

export interface JwksEndpointOptions {
  /** The signer's keys. Only public halves are published. */
  keys: readonly Key[];
}

/** Verifiers that hold a key set keep it for some minutes anyway. */
const SECONDS_CACHED = 300;

/**
 * Publishes the public halves of the signer's keys (RFC 7517), so that collaboration servers need no secret:
 * `createVerifier({ jwks: 'https://app.example/jwks.json', algorithms: ['ES256'] })`.
 *
 * @throws TypeError for wrong or unknown options, and for keys without a public half.
 */
export function jwksEndpoint(options: JwksEndpointOptions): RequestHandler {
  checkOptions('jwksEndpoint', options, ['keys']);
  const body = JSON.stringify(toPublicJwks(options.keys));
  const headers = {
    'Content-Type': 'application/jwk-set+json',
    'Cache-Control': `public, max-age=${SECONDS_CACHED}`,
  };
  return (req, res) => {
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    sendAnswer(res, isRead ? { status: 200, headers, body } : toProblem('method-not-allowed', { Allow: 'GET, HEAD' }));
  };
}
