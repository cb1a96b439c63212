import { matchesPattern, toPrefix } from './pattern.ts';
import { PrefixIndex } from './prefix-index.ts';

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
    if (this.#index !== undefined) return matchIn(this.#index, documentName);
    // Sorting costs as much as many questions, and most tokens are asked one.
    if (this.#patterns.length < MANY || !this.#isAsked) {
      this.#isAsked = true;
      return matchAmong(this.#patterns, documentName);
    }
    this.#index = toIndex(this.#patterns);
    return matchIn(this.#index, documentName);
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

interface PatternIndex {
  exact: ReadonlySet<string>;
  prefixes: PrefixIndex;
  /** The patterns that the prefixes come from, in their order. */
  starred: readonly string[];
}

function toIndex(patterns: readonly string[]): PatternIndex {
  const exact = new Set<string>();
  const prefixes: string[] = [];
  const starred: string[] = [];
  for (const pattern of patterns) {
    const prefix = toPrefix(pattern);
    if (prefix === undefined) exact.add(pattern);
    else {
      prefixes.push(prefix);
      starred.push(pattern);
    }
  }
  return { exact, prefixes: new PrefixIndex(prefixes), starred };
}

function matchIn({ exact, prefixes, starred }: PatternIndex, documentName: string): string | undefined {
  if (exact.has(documentName)) return documentName;
  const position = prefixes.find(documentName);
  return position === undefined ? undefined : starred[position];
}
