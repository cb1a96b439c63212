import { documentNameProblem } from '../core/document-name.ts';
import { type AccessLevel, isAccessLevel } from '../core/level.ts';
import { checkOptions } from '../core/options.ts';
import { isPattern, toPrefix } from '../core/pattern.ts';
import { PatternList } from '../core/pattern-list.ts';
import { isRecord } from '../core/record.ts';
import type { Grant } from './grant.ts';

const RESERVED = [
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'sid', 'name', 'picture', 'permissions', 'documents'],
  ...['allowedDocumentNames', 'readonlyDocumentNames', 'commentDocumentNames'],
];

type Level = AccessLevel | 'none';

/** The claims that say what a grant says, in the order in which they are written. Throws a `TypeError`. */
export function toClaims(grant: Grant): Record<string, unknown> {
  checkOptions('sign', grant, ['subject', 'session', 'name', 'picture', 'documents', 'claims']);
  const { subject, session, name, picture, claims } = grant;
  if (subject === undefined) throw new TypeError('sign: "subject" is missing');
  for (const [field, value] of Object.entries({ subject, session, name, picture })) {
    if (value === undefined || (typeof value === 'string' && value !== '' && value.length <= 512)) continue;
    throw new TypeError(`sign: "${field}" must be a text of up to 512 characters`);
  }
  return { sub: subject, sid: session, name, picture, ...toDocumentClaims(grant.documents), ...checkClaims(claims) };
}

/** Names style wherever it says exactly the same, because Tiptap understands it too. */
function toDocumentClaims(documents: Grant['documents']): Record<string, unknown> {
  const entries = parseEntries(documents);
  if (!saysTheSameAsNames(entries)) return { documents: Object.fromEntries(entries) };
  const listed = (...levels: Level[]) =>
    entries.filter(([, level]) => levels.includes(level)).map(([pattern]) => pattern);
  return {
    allowedDocumentNames: listed('write'),
    // Tiptap wants a document that may only be commented on in both lists.
    readonlyDocumentNames: listed('read', 'comment'),
    commentDocumentNames: listed('comment'),
  };
}

function parseEntries(documents: unknown): [string, Level][] {
  // A Map has no entries that Object.entries would see: it would grant nothing, silently.
  if (!isRecord(documents) || Symbol.iterator in documents) {
    throw new TypeError('sign: "documents" must be an object of names or patterns, and levels');
  }
  return Object.entries(documents).map(([pattern, level]) => {
    const entry = `sign: documents[${JSON.stringify(pattern)}]`;
    if (pattern === '') throw new TypeError(`${entry} has an empty name`);
    if (!isPattern(pattern)) throw new TypeError(`${entry} is not a pattern: * stands only at the end`);
    const problem = toPrefix(pattern) === undefined ? documentNameProblem(pattern) : undefined;
    if (problem) throw new TypeError(`${entry} ${problem}`);
    if (level !== 'none' && !isAccessLevel(level)) throw new TypeError(`${entry} must be read, comment, write or none`);
    return [pattern, level];
  });
}

/** In names style all entries that match count, and in this order: what is stronger hides what is weaker. */
const STRENGTH = { none: 0, write: 1, read: 2, comment: 3 } as const;

/** Whether no entry is weaker than the one around it, which it would have to override. */
function saysTheSameAsNames(entries: readonly [string, Level][]): boolean {
  const levels = new Map<string | undefined, Level>(entries);
  const prefixes = new PatternList(entries.map(([pattern]) => pattern).filter((pattern) => pattern.endsWith('*')));
  return entries.every(([pattern, level]) => {
    const around = prefixes.match(toPrefix(pattern)?.slice(0, -1) ?? pattern);
    return STRENGTH[level] >= STRENGTH[levels.get(around) ?? 'none'];
  });
}

function checkClaims(claims: unknown): Readonly<Record<string, unknown>> {
  if (claims === undefined) return {};
  if (!isRecord(claims)) throw new TypeError('sign: "claims" must be an object');
  for (const [claim, value] of Object.entries(claims)) {
    if (RESERVED.includes(claim)) throw new TypeError(`sign: "claims" may not contain "${claim}"`);
    // JSON.stringify would call a function named toJSON in place of everything else.
    if (typeof value === 'function') throw new TypeError(`sign: "claims" has a function as "${claim}"`);
  }
  return claims;
}
