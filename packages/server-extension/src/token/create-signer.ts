import { toSeconds } from '../core/duration.ts';
import { checkDefined, checkOptions } from '../core/options.ts';
import type { Sign } from './grant.ts';
import { issueNow } from './issue-now.ts';
import type { LocalKeyOptions } from './key.ts';
import { type PreparedKey, prepareKeyOptions } from './prepare-keys.ts';
import { type SigningKey, signPayload } from './sign-payload.ts';
import { toClaims } from './to-claims.ts';

/** A key, and what is written into each token. Wrong or unknown options are a `TypeError`. */
export type SignerOptions = LocalKeyOptions & {
  /** Claim `iss`. */
  issuer?: string;
  /** Claim `aud`. */
  audience?: string;
  /** How long tokens live: `'15m'`, or seconds. @default '15m' */
  expiresIn?: string | number | undefined;
};

/** Proxies allow 8 KiB for all headers of a request together. */
const MAX_LENGTH = 6_144;

/**
 * Creates a function that signs grants, with the first key that can sign. Throws a `TypeError` for wrong options.
 *
 * @example
 * const sign = createSigner({ secret, issuer: 'https://app.example', audience: 'collab' })
 * const { token } = sign({ subject: 'ada', documents: { 'ada/*': 'write', 'handbook/*': 'read' } })
 */
export function createSigner(options: SignerOptions): Sign {
  checkOptions('createSigner', options, ['secret', 'keys', 'issuer', 'audience', 'expiresIn']);
  checkDefined('createSigner', options, ['secret', 'keys', 'issuer', 'audience']);
  if (Object.hasOwn(options, 'secret') === Object.hasOwn(options, 'keys')) {
    throw new TypeError('createSigner: needs exactly one of "secret", "keys"');
  }
  const { issuer, audience, expiresIn = '15m' } = options;
  for (const [name, value] of Object.entries({ issuer, audience })) {
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    throw new TypeError(`createSigner: "${name}" must be a text that is not empty`);
  }
  const seconds = toSeconds('createSigner', 'expiresIn', expiresIn);
  const keys = prepareKeyOptions('createSigner', options).flatMap(toSigningKey);
  findLive(keys, Date.now());

  return (grant, { issuedAt } = {}) => {
    const claims = toClaims(grant);
    const now = Date.now();
    const key = findLive(keys, now);
    const expiresInSeconds = Math.min(seconds, (key.notAfter - now) / 1_000);
    const issue = issueNow(expiresInSeconds, issuedAt);
    const token = signPayload({ iss: issuer, aud: audience, ...claims, ...issue }, key);
    if (token.length > MAX_LENGTH) {
      throw new TypeError(
        `sign: the token would be longer than ${MAX_LENGTH} bytes: grant fewer documents, or patterns`,
      );
    }
    return { token, expiresAt: new Date(issue.exp * 1_000), expiresInSeconds };
  };
}

type LiveKey = PreparedKey & SigningKey;

function toSigningKey({ signWith, ...key }: PreparedKey): LiveKey[] {
  return signWith ? [{ ...key, signWith }] : [];
}

function findLive(keys: readonly LiveKey[], now: number): LiveKey {
  const key = keys.find(({ notAfter }) => now < notAfter);
  if (key) return key;
  throw new TypeError('createSigner: "keys" has none that can sign: a "secret" or "privateKey" before its "notAfter"');
}
