import { createSecretKey, randomBytes } from 'node:crypto';
import { checkOptions } from '../core/options.ts';
import { createVerifier } from '../token/create-verifier.ts';
import type { Grant } from '../token/grant.ts';
import { issueNow } from '../token/issue-now.ts';
import { signPayload } from '../token/sign-payload.ts';
import { toClaims } from '../token/to-claims.ts';
import type { Verify } from '../token/verify.ts';

/** A verifier, and tokens for it. */
export interface TestTokens {
  /** Forgives no clock skew, so that a token has expired when it says so. */
  verify: Verify;
  /**
   * Signs a token; without a grant, for a `test-user` who writes everything.
   * `expiresIn` is in seconds, and may be negative or fractional. @default 900
   */
  sign(grant?: Partial<Grant>, options?: { expiresIn?: number | undefined }): string;
}

/**
 * Creates tokens for tests, with a secret of their own.
 *
 * @example
 * const { verify, sign } = createTestTokens()
 * const server = new Server({ extensions: [new JwtAuth({ verify })] })
 * const token = sign({ documents: { 'handbook/*': 'read' } }, { expiresIn: -1 })
 */
export function createTestTokens(): TestTokens {
  const secret = randomBytes(32);
  const key = { alg: 'HS256' as const, signWith: createSecretKey(secret) };
  return {
    verify: createVerifier({ secret, clockTolerance: 0 }),
    sign(grant, options = {}) {
      checkOptions('sign', options, ['expiresIn']);
      const { expiresIn = 900 } = options;
      if (!Number.isFinite(expiresIn)) throw new TypeError('sign: "expiresIn" must be a finite number of seconds');
      const claims = toClaims({ subject: 'test-user', documents: { '*': 'write' }, ...grant });
      return signPayload({ ...claims, ...issueNow(expiresIn) }, key);
    },
  };
}
