/** What a person may do in a document, lowest first: `read` < `comment` < `write`. */
export type AccessLevel = 'read' | 'comment' | 'write';

const RANK = { read: 1, comment: 2, write: 3 } as const;

export function isAccessLevel(value: unknown): value is AccessLevel {
  return typeof value === 'string' && Object.hasOwn(RANK, value);
}

/** Whether `level` is enough where `needed` is asked for. Absent is never enough. */
export function isAtLeast(level: AccessLevel | undefined, needed: AccessLevel): boolean {
  return level !== undefined && RANK[level] >= RANK[needed];
}

/** The lower of two levels; absent is the lowest. */
export function lowerLevel(a: AccessLevel | undefined, b: AccessLevel | undefined): AccessLevel | undefined {
  return a === undefined || isAtLeast(b, a) ? a : b;
}
