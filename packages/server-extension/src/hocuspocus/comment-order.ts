import { type Doc, type GC, getState, ID, Item } from 'yjs';
import type { CommentUpdate } from './comment-update.ts';

/** The clock up to which a client's structs are there. */
export type ClockOf = (client: number) => number;

/**
 * Visits the structs of an update in the order in which Yjs integrates them, each after those it refers to, with the
 * number of its clocks that the document has already. `undefined` as soon as `visit` says no, or when a struct would
 * have to wait for another update.
 */
export function visitInOrder(
  document: Doc,
  structs: CommentUpdate['structs'],
  visit: (struct: GC | Item, known: number) => boolean,
): ClockOf | undefined {
  const clocks = new Map<number, number>();
  const visited = new Map<number, number>();
  const clockOf = (client: number) => clocks.get(client) ?? getState(document.store, client);

  const visitNext = (client: number): ID | 'visited' | 'end' | 'stop' => {
    const index = visited.get(client) ?? 0;
    const struct = structs.get(client)?.[index];
    if (struct === undefined) return 'end';
    const clock = clockOf(client);
    if (struct.id.clock > clock) return 'stop';
    const missing = firstMissing(struct, clockOf);
    if (missing !== undefined) return missing;
    if (!visit(struct, clock - struct.id.clock)) return 'stop';
    clocks.set(client, Math.max(clock, struct.id.clock + struct.length));
    visited.set(client, index + 1);
    return 'visited';
  };

  for (const first of structs.keys()) {
    // Each waits for the next; the set is the same clients without the last, to find circles.
    const stack = [first];
    const waiting = new Set<number>();
    for (let client: number | undefined = first; client !== undefined; client = stack.at(-1)) {
      const result = visitNext(client);
      if (result === 'stop' || (result === 'end' && stack.length > 1)) return undefined;
      if (result === 'end') break;
      if (result === 'visited') {
        waiting.delete(client);
        if (stack.length > 1) stack.pop();
      } else {
        waiting.add(client);
        if (waiting.has(result.client)) return undefined;
        stack.push(result.client);
      }
    }
  }
  return clockOf;
}

function firstMissing(struct: GC | Item, clockOf: ClockOf): ID | undefined {
  if (!(struct instanceof Item)) return undefined;
  const { origin, rightOrigin, parent } = struct;
  if (origin !== null && origin.clock >= clockOf(origin.client)) return origin;
  if (rightOrigin !== null && rightOrigin.clock >= clockOf(rightOrigin.client)) return rightOrigin;
  return parent instanceof ID && parent.clock >= clockOf(parent.client) ? parent : undefined;
}
