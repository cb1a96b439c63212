import { isUtf8 } from 'node:buffer';
import { malformed } from '../core/malformed.ts';
import { isRecord } from '../core/record.ts';

/** No token is longer; whatever is, is refused before anything looks at it. */
export const MAX_TOKEN_LENGTH = 16_384;

/** What a token says about its own signature, before that is checked. */
export interface UnverifiedToken extends Header {
  payload: Buffer;
  signature: Buffer;
}

interface Header {
  alg: string;
  kid: string | undefined;
}

/**
 * Reads the outside of a token: the compact form, canonical base64url, and a header that asks for nothing but `alg`,
 * `kid` and `typ`. Throws `AuthError('token-invalid')`.
 */
export function parseToken(token: string): UnverifiedToken {
  const [header, payload, signature, ...more] = token.split('.', 4);
  if (!header || !payload || !signature || more.length > 0) throw malformed('it is not three parts');
  const signatureBytes = decode(signature);
  const { alg, kid } = headers.get(header) ?? remember(header, parseHeader(decode(header)));
  return { alg, kid, payload: decode(payload), signature: signatureBytes };
}

/** Reads base64url that no other text decodes to: unpadded, and its unused bits zero (RFC 4648, section 3.5). */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (bytes.toString('base64url') !== part) throw malformed('it is not canonical base64url');
  return bytes;
}

/** Parameters that would change what the signature covers, or where its key comes from (RFC 7515, RFC 8725, 3.10). */
const FORBIDDEN = ['crit', 'b64', 'zip', 'enc', 'jku', 'jwk', 'x5u', 'x5c'];

function parseHeader(bytes: Buffer): Header {
  const header = parseJson(bytes);
  if (!isRecord(header)) throw malformed('its header is not an object');
  if (FORBIDDEN.some((name) => Object.hasOwn(header, name))) {
    throw malformed('its header asks for what is not supported');
  }
  const { alg, kid, typ = 'JWT' } = header;
  if (typeof alg !== 'string') throw malformed('its header has no alg');
  if (kid !== undefined && (typeof kid !== 'string' || kid.length > 128)) throw malformed('its kid is malformed');
  if (typeof typ !== 'string' || !/^(?:at\+)?jwt$/i.test(typ)) throw malformed('it is another type of token');
  return { alg, kid };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return isUtf8(bytes) ? JSON.parse(bytes.toString()) : undefined;
  } catch {
    return undefined;
  }
}

/** Nearly all tokens have one of very few headers. */
const headers = new Map<string, Header>();
const MOST_HEADERS = 64;

function remember(text: string, header: Header): Header {
  // A new text each time is an attempt to fill the memory.
  if (headers.size >= MOST_HEADERS) headers.clear();
  headers.set(text, header);
  return header;
}
