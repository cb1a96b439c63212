import { createHash, timingSafeEqual } from 'node:crypto';
import type { Hocuspocus } from '@hocuspocus/server';
import express, { type Request, type RequestHandler, type Router } from 'express';
import type { Claims, Verify } from 'hocuspass';
import type { AccessLevel } from 'hocuspass/core';
import { requireAccess } from 'hocuspass/express';
import { type Documents, documentContent, documentNames } from './documents.ts';
import { lowerLevel } from './level.ts';
import { sendProblem } from './problem.ts';

/** `GET /api/documents` and `GET /api/documents/<name>`: with somebody's token, or with the server's own key. */
export function documentRoutes(parts: {
  documents: Documents;
  hocuspocus: Hocuspocus;
  verify: Verify;
  authorize: (claims: Claims, documentName: string) => AccessLevel | undefined;
  apiKey: string | undefined;
}): Router {
  const { documents, hocuspocus, verify, authorize, apiKey } = parts;
  const router = express.Router();

  /** The server itself may do everything; a person what the token says, lowered by what owners decided since. */
  const levelOf = (claims: Claims | undefined, name: string): AccessLevel | undefined =>
    claims ? lowerLevel(claims.access.levelFor(name), authorize(claims, name)) : 'write';

  router.get('/', asServerOr(apiKey, requireAccess({ verify })), (_req, res) => {
    const levels = documentNames(documents, hocuspocus).map((name) => ({
      name,
      level: levelOf(res.locals.claims, name),
    }));
    res.json({ documents: levels.filter(({ level }) => level !== undefined) });
  });

  router.get('/*name', asServerOr(apiKey, requireAccess({ verify, documentName, authorize })), (req, res) => {
    const name = documentName(req);
    const { level = 'write' } = res.locals;
    const content = documentContent(documents, hocuspocus, name);
    if (content === undefined) return sendProblem(res, 404, 'There is no such document.');
    res.json({ name, level, content });
  });

  return router;
}

/** The rest of the path as it stands: `team/plan`. */
export function documentName(req: Request): string {
  const { name = [] } = req.params;
  return typeof name === 'string' ? name : name.join('/');
}

/** Lets the bearer of the server's key pass; sends everybody else through `requireToken`. */
function asServerOr(apiKey: string | undefined, requireToken: RequestHandler): RequestHandler {
  return (req, res, next) => {
    const presented = req.get('x-api-key');
    if (presented === undefined) return requireToken(req, res, next);
    if (apiKey === undefined || !isSame(presented, apiKey)) return sendProblem(res, 401, 'The API key is not valid.');
    next();
  };
}

/** In a time that tells nothing about the key; hashes are of one length. */
function isSame(presented: string, expected: string): boolean {
  return timingSafeEqual(sha256(presented), sha256(expected));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
