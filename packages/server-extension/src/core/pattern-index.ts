import { toPrefix } from './pattern.ts';

/**
 * Finds the most specific of many patterns that matches a name by one binary search, whatever their number, lengths
 * and nesting.
 *
 * The names that a pattern matches are an interval in the order of code units, and of two such intervals one holds the
 * other, or they are apart. Cut at all their ends, the line falls into stretches in each of which one pattern decides.
 */
export class PatternIndex {
  /** Where stretches begin, in order; each ends where the next one begins. All names begin with the empty text. */
  readonly #bounds: string[] = [''];
  /** The pattern that decides in each stretch. */
  readonly #owners: (string | undefined)[] = [undefined];

  constructor(patterns: readonly string[]) {
    const open: Interval[] = [];
    const closeBefore = (next: string | undefined): void => {
      for (let last = open.at(-1); last && !holds(last, next); last = open.at(-1)) {
        open.pop();
        if (last.end !== undefined) this.#cut(last.end, open.at(-1)?.pattern);
      }
    };
    for (const interval of [...new Set(patterns)].map(toInterval).sort(compare)) {
      closeBefore(interval.begin);
      open.push(interval);
      this.#cut(interval.begin, interval.pattern);
    }
    closeBefore(undefined);
  }

  find(name: string): string | undefined {
    let low = 0;
    let high = this.#bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const bound = this.#bounds[middle];
      if (bound !== undefined && bound <= name) low = middle + 1;
      else high = middle;
    }
    return this.#owners[low - 1];
  }

  #cut(bound: string, owner: string | undefined): void {
    if (this.#bounds.at(-1) === bound) {
      this.#owners[this.#owners.length - 1] = owner;
    } else {
      this.#bounds.push(bound);
      this.#owners.push(owner);
    }
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
  while (length > 0 && prefix.charCodeAt(length - 1) === 0xffff) length -= 1;
  if (length === 0) return undefined;
  return prefix.slice(0, length - 1) + String.fromCharCode(prefix.charCodeAt(length - 1) + 1);
}

/** By their beginnings; where one pattern is the name that another makes a prefix of, the wider one first. */
function compare(a: Interval, b: Interval): number {
  if (a.begin === b.begin) return a.pattern.length > b.pattern.length ? -1 : 1;
  return a.begin < b.begin ? -1 : 1;
}

function holds({ end }: Interval, next: string | undefined): boolean {
  return next !== undefined && (end === undefined || next < end);
}
