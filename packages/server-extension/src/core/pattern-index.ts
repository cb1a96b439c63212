import { toPrefix } from './pattern.ts';

/**
 * Finds the most specific of many patterns that matches a name by one binary search, whatever their number, lengths
 * and nesting.
 *
 * The names that a pattern matches are an interval in the order of code units, and of two such intervals one holds the
 * other, or they are apart. Cut at all their ends, the line falls into stretches in each of which one pattern decides.
 */
export class PatternIndex {
  /** Where stretches begin, in order; each ends where the next one begins, and may be empty. */
  readonly #bounds: string[] = [];
  /** The pattern that decides in each stretch. */
  readonly #owners: (string | undefined)[] = [];

  constructor(patterns: readonly string[]) {
    const open: Interval[] = [];
    const closeBefore = (next?: string): void => {
      for (let end = open.at(-1)?.end; isOver(end, next); end = open.at(-1)?.end) {
        open.pop();
        this.#cut(end, open.at(-1)?.pattern);
      }
    };
    for (const interval of [...new Set(patterns)].map(toInterval).sort(compare)) {
      closeBefore(interval.begin);
      open.push(interval);
      this.#cut(interval.begin, interval.pattern);
    }
    closeBefore();
  }

  find(name: string): string | undefined {
    let owner: string | undefined;
    let low = 0;
    let high = this.#bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = this.#bounds[middle];
      if (bound !== undefined && bound <= name) {
        owner = this.#owners[middle];
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return owner;
  }

  #cut(bound: string, owner: string | undefined): void {
    this.#bounds.push(bound);
    this.#owners.push(owner);
  }
}

/** The names that a pattern matches: from `begin` until before `end`. */
interface Interval {
  pattern: string;
  begin: string;
  /** Absent where there is no text after all of them. */
  end: string | undefined;
}

function toInterval(pattern: string): Interval {
  const prefix = toPrefix(pattern);
  if (prefix === undefined) return { pattern, begin: pattern, end: `${pattern}\u0000` };
  return { pattern, begin: prefix, end: endOf(prefix) };
}

/** The first text after all that begin with `prefix`; `undefined` if there is none. */
function endOf(prefix: string): string | undefined {
  let length = prefix.length;
  while (prefix.charCodeAt(length - 1) === 0xffff) length -= 1;
  if (length === 0) return undefined;
  return prefix.slice(0, length - 1) + String.fromCharCode(prefix.charCodeAt(length - 1) + 1);
}

/** By their beginnings; where one pattern is the name that another makes a prefix of, the wider one first. */
function compare(a: Interval, b: Interval): number {
  if (a.begin === b.begin) return b.pattern.length - a.pattern.length;
  return a.begin < b.begin ? -1 : 1;
}

/** Whether an interval has ended where the next one begins, or where there is no next one. */
function isOver(end: string | undefined, next: string | undefined): end is string {
  return end !== undefined && (next === undefined || next >= end);
}
