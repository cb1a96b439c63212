import { isUtf8 } from 'node:buffer';
import { malformed } from '../core/malformed.ts';
import { isRecord } from '../core/record.ts';

/** No token is longer; whatever is, is refused before anything looks at it. */
export const MAX_TOKEN_LENGTH = 16_384;

/** What a token says about its own signature, before that is checked. */
export interface UnverifiedToken {
  alg: string;
  kid: string | undefined;
  /** Base64url. */
  payload: string;
}

/**
 * Reads the outside of a token: the compact form, canonical base64url, and a header that asks for nothing but `alg`,
 * `kid` and `typ`. Throws `AuthError('token-invalid')`.
 */
export function parseToken(token: string): UnverifiedToken {
  const [header, payload, signature, ...more] = token.split('.', 4);
  if (!header || !payload || !signature || more.length > 0) throw malformed('it is not three parts');
  if (![header, payload, signature].every((part) => CANONICAL.test(part))) {
    throw malformed('it is not canonical base64url');
  }
  return { ...parseHeader(header), payload };
}

/** Base64url that no other text decodes to: unpadded, the unused bits of the last character zero (RFC 4648, 3.5). */
const CANONICAL = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

/** Parameters that would change what the signature covers, or where its key comes from (RFC 8725, 3.10; RFC 7515). */
const FORBIDDEN = ['crit', 'b64', 'zip', 'enc', 'jku', 'jwk', 'x5u', 'x5c'];

function parseHeader(part: string): { alg: string; kid: string | undefined } {
  const header = parseJson(part);
  if (!isRecord(header)) throw malformed('its header is not an object');
  if (FORBIDDEN.some((name) => Object.hasOwn(header, name)))
    throw malformed('its header asks for what is not supported');
  const { alg, kid, typ = 'jwt' } = header;
  if (typeof alg !== 'string') throw malformed('its header has no alg');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 128))
    throw malformed('its header has a malformed kid');
  if (typeof typ !== 'string' || !/^(?:at\+)?jwt$/i.test(typ)) throw malformed('it is another type of token');
  return { alg, kid };
}

function parseJson(part: string): unknown {
  const bytes = Buffer.from(part, 'base64url');
  try {
    return isUtf8(bytes) ? JSON.parse(bytes.toString()) : undefined;
  } catch {
    return undefined;
  }
}
