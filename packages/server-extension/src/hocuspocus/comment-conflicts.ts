import type { ID, Item } from 'yjs';
import type { SharedType } from './comment-scope.ts';

// An editor writes one where two people write at the same spot at the same time.
const MAX_CONFLICTS = 200;

/**
 * Counts the items of an update whose neighbours do not stand side by side. Yjs finds a place for each by walking past
 * what has been written in between: thousands of them in one list, or under one key, hold the server up for minutes.
 */
export class CommentConflicts {
  /** What stands to the right of an id since the update, as text. */
  readonly #rights = new Map<string, string>();
  readonly #starts = new Map<SharedType | string, Map<string | null, string>>();
  #count = 0;

  /** Takes an item in the order of integration, with the item that holds its left neighbour. False if it is one too many. */
  add({ id, origin, rightOrigin, length }: Item, spot: Start, left: Item | undefined): boolean {
    const right = toText(rightOrigin);
    if (this.#rightOf(origin, spot, left) !== right) this.#count += 1;
    if (origin === null) this.#startsOf(spot).set(spot.key, toText(id));
    else this.#rights.set(toText(origin), toText(id));
    this.#rights.set(`${id.client} ${id.clock + length - 1}`, right);
    return this.#count <= MAX_CONFLICTS;
  }

  #rightOf(origin: ID | null, spot: Start, left: Item | undefined): string | undefined {
    if (origin === null) return this.#startsOf(spot).get(spot.key) ?? startOf(spot);
    const isInside = left !== undefined && origin.clock < left.id.clock + left.length - 1;
    const right = isInside ? `${origin.client} ${origin.clock + 1}` : toText(left?.right?.id ?? null);
    return this.#rights.get(toText(origin)) ?? right;
  }

  #startsOf({ parent }: Start): Map<string | null, string> {
    const known = this.#starts.get(parent) ?? new Map<string | null, string>();
    this.#starts.set(parent, known);
    return known;
  }
}

/** The beginning of a list, or of what is under a key. */
interface Start {
  readonly parent: SharedType | string;
  readonly key: string | null;
}

function startOf({ parent, key }: Start): string | undefined {
  if (typeof parent === 'string') return toText(null);
  if (key === null) return toText(parent._start?.id ?? null);
  // Whoever writes under a key that is there names what stands there as the left neighbour.
  return parent._map.has(key) ? undefined : toText(null);
}

function toText(id: ID | null): string {
  return id === null ? '' : `${id.client} ${id.clock}`;
}
