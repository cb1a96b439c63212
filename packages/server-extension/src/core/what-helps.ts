const HELPS = new Map<string, 'fresh-token' | 'later'>([
  ['token-missing', 'fresh-token'],
  ['token-invalid', 'fresh-token'],
  ['token-expired', 'fresh-token'],
  ['token-revoked', 'fresh-token'],
  ['auth-unavailable', 'later'],
  ['rate-limited', 'later'],
]);

/**
 * What a client can do about a refusal: present a fresh token, try again later, or nothing until a person acts.
 * One table, so that browser and server agree; a reason nobody knows is final.
 *
 * @example
 * whatHelps('token-expired') // 'fresh-token'
 * whatHelps('auth-unavailable') // 'later'
 * whatHelps('document-forbidden') // 'nothing'
 */
export function whatHelps(reason: string): 'fresh-token' | 'later' | 'nothing' {
  return HELPS.get(reason) ?? 'nothing';
}
