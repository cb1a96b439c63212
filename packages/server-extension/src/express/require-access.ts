import type { Request, RequestHandler } from 'express';
import { AuthError } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import { documentNameProblem } from '../core/document-name.ts';
import { type AccessLevel, isAccessLevel, isAtLeast } from '../core/level.ts';
import { type Authorize, createLevelNow, type LevelNow } from '../core/level-now.ts';
import { checkOptions } from '../core/options.ts';
import { requireClaims } from '../core/require-claims.ts';
import { Refusal } from '../http/refusal.ts';
import { requireFunction } from '../http/require-function.ts';
import { type OnError, toRefusalAnswer } from '../http/to-refusal-answer.ts';
import { refusalNow } from '../revocation/refusal-now.ts';
import { toRevocationIndex } from '../revocation/revocation-index.ts';
import type { Verify } from '../token/verify.ts';
import { sendAnswer } from './send-answer.ts';

/** Options of `requireAccess`. */
export interface RequireAccessOptions {
  /** From `createVerifier`. Its revocations are checked at each request. */
  verify: Verify;
  /** What the token must grant at least, for the document that `documentName` tells. @default 'read' */
  level?: AccessLevel | undefined;
  /**
   * The document that this request is about; segments of a wildcard parameter are joined by `/`. Nothing is refused.
   * @default none: any good token will do, and the route asks `claims.access` itself
   */
  documentName?: ((req: Request) => string | readonly string[] | undefined) | undefined;
  /**
   * The live check that `JwtAuth` has; the lower of its level and the token's counts. Needs `documentName`. Where it
   * fails, the answer is `503`. @default none
   */
  authorize?: Authorize | undefined;
  /** Told what `verify`, `authorize` or `documentName` threw unexpectedly. @default prints to the console */
  onError?: OnError | undefined;
}

const WHERE = 'requireAccess';

/**
 * Lets a request pass whose `Authorization: Bearer` token is good, and grants the document. The route then finds
 * `res.locals.claims`, the checked name in `res.locals.documentName`, and the level there in `res.locals.level`.
 * Everybody else is answered `401`, `403` or `503`, as RFC 6750 has it.
 *
 * @example
 * app.get('/documents/*name', requireAccess({ verify, documentName: (req) => req.params.name }), (req, res) => {
 *   const { claims, documentName, level } = res.locals
 *   res.json({ name: documentName, level, readBy: claims.subject })
 * })
 *
 * @throws TypeError for wrong or unknown options.
 */
export function requireAccess(options: RequireAccessOptions): RequestHandler {
  checkOptions(WHERE, options, ['verify', 'level', 'documentName', 'authorize', 'onError']);
  const { verify, level = 'read', documentName, authorize, onError } = options;
  requireFunction(WHERE, 'verify', verify);
  if (!isAccessLevel(level)) throw new TypeError(`${WHERE}: "level" must be 'read', 'comment' or 'write'`);
  if (documentName !== undefined) requireFunction(WHERE, 'documentName', documentName);
  // Without a document there is nothing to have a level in: any good token would pass.
  else if (level !== 'read') throw new TypeError(`${WHERE}: "level" needs "documentName"`);
  if (authorize !== undefined) requireFunction(WHERE, 'authorize', authorize);
  if (authorize !== undefined && documentName === undefined) {
    throw new TypeError(`${WHERE}: "authorize" needs "documentName"`);
  }
  if (onError !== undefined) requireFunction(WHERE, 'onError', onError);
  const revocations = verify.revocations && toRevocationIndex(verify.revocations);
  const levelNow = createLevelNow(authorize);

  return async (req, res, next) => {
    try {
      const claims = await verifyToken(verify, readBearerToken(req.headers.authorization));
      const name = documentName && readDocumentName(documentName(req));
      const granted = name === undefined ? undefined : await toLevel(levelNow, claims, name);
      // Last, because the app may have taken its time; and here, because its own verifier may leave them to us.
      const refusal = refusalNow(revocations, claims, name);
      if (refusal !== undefined) throw new Refusal(refusal);
      if (name !== undefined) {
        if (!isAtLeast(granted, level)) throw new Refusal('document-forbidden');
        res.locals.documentName = name;
        res.locals.level = granted;
      }
      res.locals.claims = claims;
    } catch (error) {
      sendAnswer(res, toRefusalAnswer(error, onError));
      return;
    }
    next();
  };
}

function readBearerToken(header: string | undefined): string {
  const [, token] = /^bearer +(.+)$/i.exec(header ?? '') ?? [];
  if (token === undefined) throw new Refusal('token-missing');
  return token;
}

async function verifyToken(verify: Verify, token: string): Promise<Claims> {
  try {
    return requireClaims(await verify(token));
  } catch (error) {
    if (error instanceof AuthError) throw new Refusal(error.reason);
    throw new Refusal('auth-unavailable', { cause: error });
  }
}

function readDocumentName(value: string | readonly string[] | undefined): string {
  const name = joinSegments(value ?? undefined);
  if (name === undefined || documentNameProblem(name) !== undefined) throw new Refusal('document-forbidden');
  return name;
}

async function toLevel(levelNow: LevelNow, claims: Claims, name: string): Promise<AccessLevel | undefined> {
  try {
    return await levelNow(claims, name);
  } catch (error) {
    throw new Refusal('auth-unavailable', { cause: error });
  }
}

function joinSegments(value: unknown): string | undefined {
  const segments: readonly unknown[] = Array.isArray(value) ? value : [value];
  // A parameter that is not there makes no shorter name.
  if (segments.includes(undefined)) return undefined;
  if (segments.every((segment) => typeof segment === 'string')) return segments.join('/');
  throw new TypeError(`${WHERE}: "documentName" must return a text, a list of texts, or nothing`);
}
