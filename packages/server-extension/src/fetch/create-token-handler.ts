import { checkOptions } from '../core/options.ts';
import { type AsyncSign, answerTokenRequest } from '../http/answer-token-request.ts';
import { requireFunction } from '../http/require-function.ts';
import { toAllowedOrigins } from '../http/same-site.ts';
import type { OnError } from '../http/to-refusal-answer.ts';
import type { Grant, Sign } from '../token/grant.ts';
import { readBody } from './read-body.ts';

/** Options of `createTokenHandler`. */
export interface TokenHandlerOptions {
  /** `createSigner(…)`, or a function of your own that returns a promise. */
  sign: Sign | AsyncSign;
  /** What the person behind this request may do; `undefined` or `null` where nobody is signed in, which is answered `401`. */
  grant: (request: Request) => Grant | null | undefined | Promise<Grant | null | undefined>;
  /** Origins of other sites that may ask. CORS headers stay the app's. @default none */
  allowedOrigins?: readonly string[] | undefined;
  /** Told what `grant` or `sign` threw, since no answer ever says it. @default prints to the console */
  onError?: OnError | undefined;
}

const WHERE = 'createTokenHandler';

/**
 * The token endpoint for everything that speaks `Request` -> `Response`: Next.js, Hono, SvelteKit, Bun, Deno. The same
 * rules and answers as `tokenEndpoint`; limits are the platform's. The body is read before `grant` is asked.
 *
 * @example
 * export const POST = createTokenHandler({
 *   sign: createSigner({ secret }),
 *   grant: async (request) => {
 *     const user = await currentUser(request)
 *     return user && { subject: user.id, documents: { [`${user.id}/*`]: 'write' } }
 *   },
 * })
 *
 * @throws TypeError for wrong or unknown options.
 */
export function createTokenHandler(options: TokenHandlerOptions): (request: Request) => Promise<Response> {
  checkOptions(WHERE, options, ['sign', 'grant', 'allowedOrigins', 'onError']);
  const { sign, grant, onError } = options;
  requireFunction(WHERE, 'sign', sign);
  requireFunction(WHERE, 'grant', grant);
  if (onError !== undefined) requireFunction(WHERE, 'onError', onError);
  const rules = { sign, onError, allowedOrigins: toAllowedOrigins(WHERE, options.allowedOrigins) };

  return async (request) => {
    const { status, headers, body } = await answerTokenRequest(
      {
        method: request.method,
        header: (name) => request.headers.get(name),
        readBody: () => readBody(request),
        grant: () => grant(request),
      },
      rules,
    );
    return new Response(body, { status, headers });
  };
}
