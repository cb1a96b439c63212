import { toPrefix } from './pattern.ts';
import { PrefixIndex } from './prefix-index.ts';

/** Many patterns, and the question which of them is the most specific that matches a name: exact, else longest. */
export class PatternList {
  readonly #patterns: readonly string[];
  #index: { exact: ReadonlyMap<string, number>; prefixes: PrefixIndex; positions: readonly number[] } | undefined;

  /** Each must be a pattern (`isPattern`). The list is kept as it is: hand in a copy of what others may change. */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns;
  }

  /** The position of the most specific pattern that matches, or -1. */
  find(documentName: string): number {
    // Sorting costs more than reading: a token that is never asked for a document does not pay for it.
    this.#index ??= toIndex(this.#patterns);
    const { exact, prefixes, positions } = this.#index;
    return exact.get(documentName) ?? positions[prefixes.find(documentName)] ?? -1;
  }

  /** The most specific pattern that matches. */
  match(documentName: string): string | undefined {
    return this.#patterns[this.find(documentName)];
  }
}

function toIndex(patterns: readonly string[]) {
  const exact = new Map<string, number>();
  const prefixes: string[] = [];
  const positions: number[] = [];
  for (const [position, pattern] of patterns.entries()) {
    const prefix = toPrefix(pattern);
    if (prefix === undefined) {
      exact.set(pattern, position);
    } else {
      prefixes.push(prefix);
      positions.push(position);
    }
  }
  return { exact, prefixes: new PrefixIndex(prefixes), positions };
}
