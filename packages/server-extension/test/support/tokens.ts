import jwt from 'jsonwebtoken';
import {
  createRevocations,
  createSigner,
  createVerifier,
  type Grant,
  type Revocations,
  type Verify,
} from '../../src/index.ts';

export const secret = 'a secret that only the tests know 0123456789';

/** Signs a token for somebody; by default Ada, who may write everything, for a minute. */
export function signFor(grant: Partial<Grant> = {}, expiresIn: number = 60): string {
  const sign = createSigner({ secret, expiresIn });
  return sign({ subject: 'ada', documents: { '*': 'write' }, ...grant }).token;
}

export function createTestVerifier(options: Record<string, unknown> = {}): {
  verify: Verify;
  revocations: Revocations;
} {
  const revocations = createRevocations();
  return { verify: createVerifier({ secret, clockTolerance: 0, revocations, ...options }), revocations };
}

/** A token without a subject, as Tiptap's own examples have it. */
export function signAnonymous(): string {
  return jwt.sign({ allowedDocumentNames: ['*'] }, secret, { expiresIn: 60 });
}
