import { malformed } from './malformed.ts';
import { isPattern } from './pattern.ts';
import { PatternList } from './pattern-list.ts';

/** Reads a claim that must be a list of patterns. Throws `AuthError('token-invalid')`. */
export function parsePatterns(claim: string, value: unknown): PatternList {
  if (!Array.isArray(value)) throw malformed(`${claim} is not a list`);
  // A copy first: it has no holes, which `every` would skip, and no room to grow, which would be kept in memory.
  const patterns: unknown[] = [...value];
  if (!patterns.every(isPattern)) throw malformed(`${claim} holds something that is not a pattern`);
  return new PatternList(patterns);
}
