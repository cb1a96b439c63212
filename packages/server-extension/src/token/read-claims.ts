import { AuthError } from '../core/auth-error.ts';
import type { Claims } from '../core/claims.ts';
import { malformed } from '../core/malformed.ts';
import { type ReadAccessOptions, readAccess } from '../core/read-access.ts';
import { isRecord } from '../core/record.ts';

/** What a verifier demands of a payload; durations in seconds. */
export interface ClaimRules {
  issuer: string | undefined;
  audience: string | undefined;
  clockTolerance: number;
  maxTokenAge: number;
  requireExpiry: boolean;
  access: ReadAccessOptions;
}

/** Claims, and when they hold: from `begin` until before `end`, both in milliseconds since 1970, tolerance included. */
export interface TimedClaims {
  claims: Claims;
  begin: number;
  end: number;
}

type Payload = Readonly<Record<string, unknown>>;

/** Reads a payload whose signature is good. Throws `AuthError`: `token-invalid`, or `token-expired`. */
export function readClaims(payload: unknown, rules: ClaimRules, now: number): TimedClaims {
  if (!isRecord(payload)) throw malformed('its payload is not an object');
  checkOrigin(payload, rules);
  const issued = parseTime(payload, 'iat');
  const begin = toBegin(issued, parseTime(payload, 'nbf'), rules);
  if (now < begin) throw malformed('it is not valid yet');
  const expires = toExpiry(issued, parseTime(payload, 'exp'), rules, now);
  const claims: Claims = {
    ...parseTexts(payload),
    ...(issued === undefined ? {} : { issuedAt: new Date(issued * 1_000) }),
    expiresAt: new Date(expires * 1_000),
    access: readAccess(payload, rules.access),
    payload: Object.freeze(payload),
  };
  const end = (expires + rules.clockTolerance) * 1_000;
  if (now >= end) throw new AuthError('token-expired');
  return { claims: Object.freeze(claims), begin, end };
}

/** `iss` and `aud` must be what the options say (RFC 8725, sections 3.8 and 3.9). */
function checkOrigin(payload: Payload, { issuer, audience }: ClaimRules): void {
  const iss = ownOf(payload, 'iss');
  const aud = ownOf(payload, 'aud');
  if (issuer !== undefined && iss !== issuer) throw malformed('it comes from another issuer');
  if (audience === undefined || aud === audience || (Array.isArray(aud) && aud.includes(audience))) return;
  throw malformed('it is meant for another audience');
}

function parseTime(payload: Payload, claim: 'exp' | 'nbf' | 'iat'): number | undefined {
  const value = ownOf(payload, claim);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw malformed(`${claim} is not a finite number`);
}

/** What the token itself says: a polluted prototype must not stand in for a claim that is missing. */
function ownOf(payload: Payload, claim: string): unknown {
  return Object.hasOwn(payload, claim) ? payload[claim] : undefined;
}

function toBegin(issued = Number.NEGATIVE_INFINITY, notBefore = Number.NEGATIVE_INFINITY, rules: ClaimRules): number {
  // An iat may have a fraction of the millisecond that the clock still shows.
  return Math.max(Math.floor(issued * 1_000), notBefore * 1_000) - rules.clockTolerance * 1_000;
}

function toExpiry(
  issued: number | undefined,
  expires: number | undefined,
  { requireExpiry, maxTokenAge, clockTolerance }: ClaimRules,
  now: number,
): number {
  if (expires === undefined) {
    if (requireExpiry) throw malformed('it has no exp');
    if (issued === undefined) throw malformed('it has neither exp nor iat');
    return issued + maxTokenAge;
  }
  // Without iat, what is left of its life is all that can be measured.
  const lifetime = expires - (issued ?? now / 1_000 + clockTolerance);
  if (lifetime > maxTokenAge + RESOLUTION) throw malformed('it lives longer than tokens may');
  return expires;
}

/** Seconds: dates of this century are no more exact than this as numbers. */
const RESOLUTION = 1e-6;

const TEXTS = { subject: 'sub', session: 'sid', tokenId: 'jti', name: 'name', picture: 'picture' } as const;

function parseTexts(payload: Payload): Partial<Record<keyof typeof TEXTS, string>> {
  const texts: Partial<Record<keyof typeof TEXTS, string>> = {};
  for (const field of ['subject', 'session', 'tokenId', 'name', 'picture'] as const) {
    const value = ownOf(payload, TEXTS[field]);
    if (value === undefined) continue;
    if (typeof value !== 'string' || value === '' || value.length > 512) {
      throw malformed(`${TEXTS[field]} is not a text of up to 512 characters`);
    }
    texts[field] = value;
  }
  return texts;
}
