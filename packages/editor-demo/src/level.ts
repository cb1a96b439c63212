import type { AccessLevel } from 'hocuspass/core';

const LEVELS: readonly unknown[] = ['read', 'comment', 'write'] satisfies AccessLevel[];

export function isAccessLevel(value: unknown): value is AccessLevel {
  return LEVELS.includes(value);
}
