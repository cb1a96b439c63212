import { ContentFormat, type Doc, findIndexSS, GC, getState, type Item } from 'yjs';
import { checkOptions } from '../core/options.ts';
import { holdsText, isMark, looksTheSame } from './comment-marks.ts';
import { type ClockOf, visitInOrder } from './comment-order.ts';
import type { CommentScope, SharedType } from './comment-scope.ts';
import { createSpots } from './comment-spots.ts';
import { type CommentUpdate, readCommentUpdate } from './comment-update.ts';

/** Names of the Yjs root types that a comment may change, and of the formatting marks that it may set anywhere. */
export interface CommentFilterOptions {
  types?: readonly string[] | undefined;
  marks?: readonly string[] | undefined;
}

export function createCommentFilter(options: CommentFilterOptions): (document: Doc, update: Uint8Array) => boolean {
  checkOptions('comments', options, ['types', 'marks']);
  const scope: CommentScope = {
    types: new Set(checkNames('types', options.types)),
    marks: checkNames('marks', options.marks),
  };
  return (document, update) => {
    try {
      return isComment(document, scope, readCommentUpdate(update));
    } catch {
      // What cannot be read cannot be judged.
      return false;
    }
  };
}

function checkNames(option: string, names: readonly string[] = []): readonly string[] {
  if (!Array.isArray(names) || names.some((name) => typeof name !== 'string' || name === '')) {
    throw new TypeError(`comments: "${option}" must be an array of names`);
  }
  return [...names];
}

function isComment(document: Doc, scope: CommentScope, update: CommentUpdate): boolean {
  const spots = createSpots(document, scope, update);

  const mayAdd = (struct: GC | Item, known: number): boolean => {
    if (struct instanceof GC) return true;
    const spot = spots.integrate(struct, known);
    if (spot === 'unclear') return false;
    if (known >= struct.length) return true;
    if (spot === 'dropped' || spot.inScope || spot.deleted) return true;
    // Under a key even a deleted entry would outrank one that somebody writes at this moment.
    if (spot.key !== null) return false;
    return spots.isDeleted(struct, known) || (isMark(scope, struct) && holdsText(spot.parent));
  };

  const reformatted = new Set<SharedType>();
  const isGone = (item: Item) => !isMark(scope, item) && spots.isDeleted(item, 0);

  const mayDelete = (struct: GC | Item): boolean => {
    if (struct instanceof GC || struct.deleted) return true;
    const spot = spots.spotOf(struct);
    if (spot === undefined || spot.inScope) return spot !== undefined;
    if (spot.key !== null || !(struct.content instanceof ContentFormat)) return false;
    if (isMark(scope, struct)) return true;
    if (!holdsText(spot.parent)) return false;
    reformatted.add(spot.parent);
    return true;
  };

  const clockOf = visitInOrder(document, update.structs, mayAdd);
  return (
    clockOf !== undefined &&
    everyDeleted(document, update, clockOf, mayDelete) &&
    [...reformatted].every((text) => looksTheSame(text, isGone)) &&
    !wakesPending(document, clockOf)
  );
}

function everyDeleted(
  { store }: Doc,
  { deletions }: CommentUpdate,
  clockOf: ClockOf,
  isGood: (struct: GC | Item) => boolean,
): boolean {
  for (const [client, ranges] of deletions) {
    const structs = store.clients.get(client) ?? [];
    const state = getState(store, client);
    for (const { clock, end } of ranges) {
      // What is not there yet would be deleted when it comes.
      if (end > clockOf(client)) return false;
      if (clock >= state) continue;
      for (let index = findIndexSS(structs, clock); index < structs.length; index++) {
        const struct = structs[index];
        if (struct === undefined || struct.id.clock >= end) break;
        if (!isGood(struct)) return false;
      }
    }
  }
  return true;
}

/** Whether edits of others that wait for one of these clocks would be applied along with the update. */
function wakesPending({ store }: Doc, clockOf: ClockOf): boolean {
  const missing = store.pendingStructs?.missing ?? new Map<number, number>();
  return [...missing].some(([client, clock]) => clock < clockOf(client));
}
