import { LRUCache } from 'lru-cache';
import { AuthError } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import { toSeconds } from '../core/duration.ts';
import { malformed } from '../core/malformed.ts';
import { checkDefined, checkOptions } from '../core/options.ts';
import { refusalNow } from '../revocation/refusal-now.ts';
import { toRevocationIndex } from '../revocation/revocation-index.ts';
import type { RevocationIndex, Revocations } from '../revocation/revocations.ts';
import type { KeyOptions } from './key.ts';
import { MAX_TOKEN_LENGTH, parseToken } from './parse-token.ts';
import { type ClaimRules, readClaims, type TimedClaims } from './read-claims.ts';
import { readPayload } from './read-payload.ts';
import { toKeySource } from './to-key-source.ts';
import type { Verify } from './verify.ts';

/** Keys, and what a token must be like. Wrong or unknown options are a `TypeError`. */
export type VerifierOptions = KeyOptions & {
  /** Claim `iss` must be exactly this. */
  issuer?: string;
  /** Claim `aud` must be exactly this, or a list that contains it. */
  audience?: string;
  /** Seconds of clock skew to forgive, 0 to 300. @default 5 */
  clockTolerance?: number | undefined;
  /** The longest life of a token, from `iat` to `exp`; it stands in for a missing `exp`. @default '24h' */
  maxTokenAge?: string | number | undefined;
  /** Whether a token must have `exp`. If not, it ends `maxTokenAge` after its `iat`. @default true */
  requireExpiry?: boolean | undefined;
  /** What a token that names no documents grants. Tiptap Cloud: 'write'. @default 'deny' */
  unscoped?: 'deny' | 'write' | undefined;
  /** Whoever is given this verifier, checks them too. */
  revocations?: Revocations;
  /** Verified tokens that are remembered, up to 10 million; 0 turns it off. @default 10_000 */
  cacheSize?: number | undefined;
};

const KNOWN = [
  ...['secret', 'keys', 'jwks', 'algorithms', 'issuer', 'audience', 'clockTolerance', 'maxTokenAge'],
  ...['requireExpiry', 'unscoped', 'revocations', 'cacheSize'],
];

/**
 * Creates a function that verifies tokens (RFC 7519, RFC 8725). Throws a `TypeError` for wrong options.
 *
 * @example
 * const verify = createVerifier({ secret, issuer: 'https://app.example', audience: 'collab' })
 * const { subject, access } = await verify(token) // or throws an AuthError with a reason
 */
export function createVerifier(options: VerifierOptions): Verify {
  checkOptions('createVerifier', options, KNOWN);
  checkDefined('createVerifier', options, ['issuer', 'audience', 'revocations']);
  const keys = toKeySource('createVerifier', options);
  const rules = toRules(options);
  const index = options.revocations === undefined ? undefined : toIndex(options.revocations, rules);
  const cache = toCache(options.cacheSize);

  const verifyAnew = async (token: string): Promise<Claims> => {
    const unverified = parseToken(token);
    // Taken before the key, so that a set that changes meanwhile makes this one old.
    const { version } = keys;
    const key = await keys.find(unverified.alg, unverified.kid);
    const now = Date.now();
    if (!key || now >= key.notAfter) throw malformed('no key verifies it');
    const { claims, begin, end } = readClaims(readPayload(token, unverified, key), rules, now);
    cache?.set(tailOf(token), { token, claims, begin, end: Math.min(end, key.notAfter), version });
    return claims;
  };

  const verify = async (token: string): Promise<Claims> => {
    checkSize(token);
    const claims = recall(cache?.get(tailOf(token)), token, keys.version) ?? (await verifyAnew(token));
    const refusal = refusalNow(index, claims);
    if (refusal !== undefined) throw new AuthError(refusal);
    return claims;
  };
  return Object.freeze(Object.assign(verify, options.revocations && { revocations: options.revocations }));
}

interface Verified extends TimedClaims {
  token: string;
  /** The version of the keys that it was verified with. */
  version: object | undefined;
}

/**
 * What tokens are remembered under: the end of the signature, as different as the whole, and hashed in a tenth of the
 * time. An HS256 signature has 43 characters, all others more.
 */
function tailOf(token: string): string {
  return token.slice(-43);
}

function recall(verified: Verified | undefined, token: string, version: object | undefined): Claims | undefined {
  if (verified?.token !== token || version === undefined || verified.version !== version) return undefined;
  const now = Date.now();
  return verified.begin <= now && now < verified.end ? verified.claims : undefined;
}

function checkSize(token: unknown): void {
  if (token === '') throw new AuthError('token-missing');
  if (typeof token !== 'string') throw malformed('it is not a text');
  if (token.length > MAX_TOKEN_LENGTH) throw malformed('it is too long');
}

function toRules(options: VerifierOptions): ClaimRules {
  const { issuer, audience, clockTolerance = 5, maxTokenAge = '24h', requireExpiry = true, unscoped } = options;
  for (const [name, value] of Object.entries({ issuer, audience })) {
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    throw new TypeError(`createVerifier: "${name}" must be a text that is not empty`);
  }
  if (typeof clockTolerance !== 'number' || !(clockTolerance >= 0 && clockTolerance <= 300)) {
    throw new TypeError('createVerifier: "clockTolerance" must be 0 to 300 seconds');
  }
  if (typeof requireExpiry !== 'boolean') throw new TypeError('createVerifier: "requireExpiry" must be true or false');
  if (unscoped !== undefined && unscoped !== 'deny' && unscoped !== 'write') {
    throw new TypeError(`createVerifier: "unscoped" must be 'deny' or 'write'`);
  }
  const seconds = toSeconds('createVerifier', 'maxTokenAge', maxTokenAge);
  return { issuer, audience, clockTolerance, maxTokenAge: seconds, requireExpiry, access: { unscoped } };
}

function toIndex(revocations: Revocations, { maxTokenAge }: ClaimRules): RevocationIndex {
  const index = toRevocationIndex(revocations);
  // A revoked token must not outlive the memory of it.
  if (maxTokenAge <= index.maxTokenAge) return index;
  throw new TypeError('createVerifier: "maxTokenAge" must not be above that of "revocations"');
}

/** Some 300 MB, which are taken at once. */
const LARGEST_CACHE = 10_000_000;

function toCache(size = 10_000): LRUCache<string, Verified> | undefined {
  if (!Number.isInteger(size) || size < 0 || size > LARGEST_CACHE) {
    throw new TypeError(`createVerifier: "cacheSize" must be a whole number, at most ${LARGEST_CACHE}`);
  }
  return size === 0 ? undefined : new LRUCache({ max: size });
}
