import { malformed } from './malformed.ts';
import { isPattern } from './pattern.ts';
import { PatternList } from './pattern-list.ts';

/** Reads a claim that must be a list of patterns. Throws `AuthError('token-invalid')`. */
export function parsePatterns(claim: string, value: unknown): PatternList {
  if (!Array.isArray(value)) throw malformed(`${claim} is not a list`);
  const patterns: string[] = [];
  for (const entry of value) {
    if (!isPattern(entry)) throw malformed(`${claim} holds something that is not a pattern`);
    patterns.push(entry);
  }
  return new PatternList(patterns);
}
