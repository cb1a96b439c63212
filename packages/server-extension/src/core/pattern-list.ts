import { matchesPattern } from './pattern.ts';
import { PatternIndex } from './pattern-index.ts';

/** Fewer patterns than this are looked through one by one. */
const MANY = 8;

/** Many patterns, and the question which of them is the most specific that matches a name: exact, else longest. */
export class PatternList {
  readonly #patterns: readonly string[];
  #index: PatternIndex | undefined;
  #isAsked = false;

  /** Each must be a pattern (`isPattern`). The list is kept as it is: hand in a copy of what others may change. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  /** The most specific pattern that matches. */
  match(documentName: string): string | undefined {
    if (this.#index !== undefined) return this.#index.find(documentName);
    // Sorting costs as much as many questions, and most tokens are asked one.
    if (this.#patterns.length < MANY || !this.#isAsked) {
      this.#isAsked = true;
      return matchAmong(this.#patterns, documentName);
    }
    this.#index = new PatternIndex(this.#patterns);
    return this.#index.find(documentName);
  }
}

function matchAmong(patterns: readonly string[], documentName: string): string | undefined {
  let best: string | undefined;
  for (const pattern of patterns) {
    if (pattern === documentName) return pattern;
    if (best !== undefined && pattern.length <= best.length) continue;
    if (matchesPattern(pattern, documentName)) best = pattern;
  }
  return best;
}
