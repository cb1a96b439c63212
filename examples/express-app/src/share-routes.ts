import express, { type Request, type Router } from 'express';
import type { Revocations, Verify } from 'hocuspass';
import type { AccessLevel } from 'hocuspass/core';
import { requireAccess } from 'hocuspass/express';
import type { Accounts } from './accounts.ts';
import { isLevel } from './level.ts';
import { sendProblem } from './problem.ts';
import { documentName } from './rest.ts';
import type { Share, Shares } from './shares.ts';

/** `GET` and `PUT /api/documents/<name>/access`: the owner sees and changes who may do what, live. */
export function shareRoutes(parts: {
  accounts: Accounts;
  shares: Shares;
  verify: Verify;
  revocations: Revocations;
}): Router {
  const { accounts, shares, verify, revocations } = parts;
  const router = express.Router();

  router.use('/*name/access', requireAccess({ verify, level: 'write', documentName }), (req, res, next) => {
    if (accounts.ownerOf(documentName(req)) === res.locals.claims.subject) return next();
    sendProblem(res, 403, 'Only the owner of a document sees and changes who has access.');
  });

  router.get('/*name/access', (req, res) => {
    const name = documentName(req);
    res.json({ name, shares: shares.inDocument(name).map(toJson) });
  });

  router.put('/*name/access', async (req, res) => {
    const share = parseShare(req, accounts);
    if (typeof share === 'string') return sendProblem(res, 400, share);
    shares.set(share);
    const target = { subject: share.subject, document: share.document };
    // Without access nothing is left to renew: that connection ends now. Any other ends if it does not renew in time.
    await (share.level === 'none' ? revocations.revoke(target) : revocations.renew(target));
    res.sendStatus(204);
  });

  return router;
}

function parseShare(req: Request, accounts: Accounts): Share | string {
  const document = documentName(req);
  const subject: unknown = req.body?.subject;
  const level: unknown = req.body?.level;
  if (typeof subject !== 'string' || !accounts.find(subject)) return 'The subject is nobody’s username.';
  if (subject === accounts.ownerOf(document)) return 'An owner keeps all access.';
  if (level !== null && !isLevel(level)) return 'The level is read, comment, write or null.';
  return { document, subject, level: level ?? 'none' };
}

function toJson({ subject, level }: Share): { subject: string; level: AccessLevel | null } {
  return { subject, level: level === 'none' ? null : level };
}
