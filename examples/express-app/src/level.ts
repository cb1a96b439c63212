import type { AccessLevel } from 'hocuspass/core';

const LEVELS: readonly AccessLevel[] = ['read', 'comment', 'write'];

export function isLevel(value: unknown): value is AccessLevel {
  return LEVELS.some((level) => level === value);
}

/** The lower of two levels; absent is the lowest. */
export function lowerLevel(a: AccessLevel | undefined, b: AccessLevel | undefined): AccessLevel | undefined {
  if (a === undefined || b === undefined) return undefined;
  return LEVELS.indexOf(a) < LEVELS.indexOf(b) ? a : b;
}
