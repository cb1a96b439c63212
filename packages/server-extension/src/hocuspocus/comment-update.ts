import { decodeUpdateV2, type GC, type Item, Skip, UpdateDecoderV1 } from 'yjs';

export interface CommentUpdate {
  /** By client, in order of their clocks. */
  readonly structs: ReadonlyMap<number, (GC | Item)[]>;
  /** By client, in order, apart from one another. */
  readonly deletions: ReadonlyMap<number, readonly ClockRange[]>;
}

interface ClockRange {
  readonly clock: number;
  /** Exclusive. */
  readonly end: number;
}

// Each costs 1 to 3 µs to decode: a hostile update must not hold the server up for seconds.
const MAX_PARTS = 100_000;
const SUBDOCUMENT = 9;

/**
 * Reads an update (V1 encoding), and throws at anything that no Yjs encoder writes and that Yjs would nevertheless
 * apply: what is judged and what is applied must be the same.
 */
export function readCommentUpdate(update: Uint8Array): CommentUpdate {
  const { structs, ds } = decodeUpdateV2(update, CommentDecoder);
  const byClient = new Map<number, (GC | Item)[]>();
  for (const struct of structs) {
    const { client, clock } = struct.id;
    // A struct of no length would share its clock with the next one.
    if (struct.length < 1 || !Number.isSafeInteger(clock + struct.length)) throw new RangeError('struct');
    if (struct instanceof Skip) continue;
    const known = byClient.get(client);
    if (known === undefined) byClient.set(client, [struct]);
    else known.push(struct);
  }
  const deletions = new Map<number, ClockRange[]>();
  for (const [client, ranges] of ds.clients) deletions.set(client, toRanges(ranges));
  return { structs: byClient, deletions };
}

class CommentDecoder extends UpdateDecoderV1 {
  readonly #clients = new Set<number>();
  #parts = 0;

  /** Called once for each client that has structs. */
  override readClient(): number {
    const client = super.readClient();
    // Of two sections for one client Yjs applies the last alone, and decodes both.
    if (this.#clients.has(client)) throw new RangeError('sections');
    this.#clients.add(client);
    return client;
  }

  /** Called once for each struct. */
  override readInfo(): number {
    const info = super.readInfo();
    this.#count();
    // Decoding a subdocument makes a Y.Doc, which costs 20 times as much as anything else.
    if ((info & 31) === SUBDOCUMENT) throw new RangeError('subdocument');
    return info;
  }

  /** Called once for each client that has deletions. */
  override resetDsCurVal(): void {
    this.#count();
  }

  #count(): void {
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw new RangeError('size');
  }
}

/** Whether all clocks from `clock` to `end` are deleted. */
export function isCovered(ranges: readonly ClockRange[] | undefined, clock: number, end: number): boolean {
  if (ranges === undefined) return false;
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range !== undefined && range.end <= clock) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range.clock <= clock && end <= range.end;
}

function toRanges(deletions: readonly { clock: number; len: number }[]): ClockRange[] {
  const ranges: { clock: number; end: number }[] = [];
  for (const { clock, len } of deletions.toSorted((a, b) => a.clock - b.clock)) {
    const end = clock + len;
    const last = ranges.at(-1);
    // Yjs splits items at the edge of an empty range, and walks overlapping ranges again and again.
    if (len < 1 || !Number.isSafeInteger(end) || (last !== undefined && clock < last.end))
      throw new RangeError('range');
    if (last?.end === clock) last.end = end;
    else ranges.push({ clock, end });
  }
  return ranges;
}
