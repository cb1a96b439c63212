import { createHmac } from 'node:crypto';

export const rawSecret = 'n0t-the-0ne-fr0m-the-d0cs/7ahK3vQzW9';

/** Part of a token made of text, bytes, or anything that JSON can say. */
export function rawPart(value: unknown): string {
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value).toString('base64url');
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A token with a good HS256 signature over any header and payload whatever, made with node:crypto alone. */
export function rawToken(payload: unknown, header: unknown = { alg: 'HS256', typ: 'JWT' }): string {
  return signRaw(`${rawPart(header)}.${rawPart(payload)}`);
}

/** A good HS256 signature over any text whatever. */
export function signRaw(text: string, secret: string = rawSecret): string {
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** Claims of a token that is good for a minute. */
export function goodClaims(): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  return { sub: 'ada', iat: now, exp: now + 60, allowedDocumentNames: ['notes/*'] };
}
