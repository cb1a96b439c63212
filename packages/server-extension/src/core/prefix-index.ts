/**
 * Finds the longest of many prefixes of a name by one binary search, whatever their number, lengths and nesting.
 *
 * The names that begin with a prefix are an interval in the order of code units, and intervals of nested prefixes are
 * nested. Cut at all their ends, the line falls into stretches in each of which the same prefix is the longest.
 */
export class PrefixIndex {
  /** Where stretches begin, in order; each ends where the next one begins. All names begin with the empty text. */
  readonly #bounds: string[] = [''];
  /** For each stretch the position of its longest prefix in the list; `undefined` where there is none. */
  readonly #owners: (number | undefined)[] = [undefined];

  constructor(prefixes: readonly string[]) {
    const positions = new Map(prefixes.map((prefix, position) => [prefix, position]));
    const open: { prefix: string; position: number }[] = [];
    const closeUnless = (next: string | undefined): void => {
      for (let last = open.at(-1); last && !next?.startsWith(last.prefix); last = open.at(-1)) {
        open.pop();
        const end = endOf(last.prefix);
        if (end !== undefined) this.#cut(end, open.at(-1)?.position);
      }
    };
    for (const [prefix, position] of [...positions].sort(([a], [b]) => (a < b ? -1 : 1))) {
      closeUnless(prefix);
      open.push({ prefix, position });
      this.#cut(prefix, position);
    }
    closeUnless(undefined);
  }

  /** The position of the longest prefix of `name` in the list given to the constructor. */
  find(name: string): number | undefined {
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

  #cut(bound: string, owner: number | undefined): void {
    if (this.#bounds.at(-1) === bound) {
      this.#owners[this.#owners.length - 1] = owner;
    } else {
      this.#bounds.push(bound);
      this.#owners.push(owner);
    }
  }
}

/** The first text after all that begin with `prefix`; `undefined` if there is none. */
function endOf(prefix: string): string | undefined {
  let length = prefix.length;
  while (length > 0 && prefix.charCodeAt(length - 1) === 0xffff) length -= 1;
  if (length === 0) return undefined;
  return prefix.slice(0, length - 1) + String.fromCharCode(prefix.charCodeAt(length - 1) + 1);
}
