/**
 * Whether a text is a pattern: not empty, and `*` at its end at most. It stands for any run of characters, `/`
 * included; everything else is literal and compared by code units.
 */
export function isPattern(text: unknown): text is string {
  if (typeof text !== 'string' || text === '') return false;
  const star = text.indexOf('*');
  return star === -1 || star === text.length - 1;
}

/** What a pattern such as `team/*` demands of the beginning of a name; `undefined` if the pattern is one exact name. */
export function toPrefix(pattern: string): string | undefined {
  return pattern.endsWith('*') ? pattern.slice(0, -1) : undefined;
}

/** Whether one pattern matches a document name. For many patterns there is `PatternList`. */
export function matchesPattern(pattern: string, documentName: string): boolean {
  const prefix = toPrefix(pattern);
  return prefix === undefined ? pattern === documentName : documentName.startsWith(prefix);
}
