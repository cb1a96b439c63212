import { ContentFormat, type Doc, findIndexSS, GC, getState, type Item } from 'yjs';
import { checkOptions } from '../core/options.ts';
import { isShallow } from './comment-depth.ts';
import { createIsText, isMark, looksTheSame } from './comment-marks.ts';
import { type ClockOf, visitInOrder } from './comment-order.ts';
import type { CommentScope, SharedType } from './comment-scope.ts';
import { createSpots } from './comment-spots.ts';
import { type CommentUpdate, readCommentUpdate } from './comment-update.ts';

export interface CommentFilterOptions {
  /** Names of root types of the Yjs document. A comment may change them, with all that is in them. @default none */
  types?: readonly string[] | undefined;
  /** Names of formatting marks. A comment may set and remove them in any text. @default none */
  marks?: readonly string[] | undefined;
}

/**
 * Tells whether an update (V1 encoding) is a comment and nothing else: applied to the document as it is now, it changes
 * nothing outside the named types and marks, and leaves nothing pending. All or nothing, for each update.
 *
 * It is decided from the update and look-ups in the document's store, without a copy. The cost is that of the update
 * (some microseconds for a comment); a text whose formats are deleted is walked once.
 *
 * What Yjs makes of an update, and what follows:
 * - **Where an item goes** is said by its left neighbour, else by the right one, else by a parent that is written out.
 *   This is mirrored; neighbours of different parents, which no editor writes, are refused. The rest of an item that the
 *   document has in part goes beside that part: the two must agree.
 * - **Nothing is added** by what the document has, by what the update deletes again, by what is inside something deleted,
 *   and by what refers to something garbage-collected (Yjs keeps the clocks and drops the content). All of that is
 *   accepted, because the client's next updates depend on it. Only entries of maps and attributes are refused even if
 *   they are deleted: such an entry still takes the place of the value before it.
 * - **Referring to an item splits it**, which replaces both halves of a character of two code units. So does a deletion
 *   of nothing, and an item that the document has. Outside, this is refused.
 * - **What would wait** for another update is refused: it would be acknowledged and never seen, and it could take effect
 *   through an edit of somebody else. So is what edits of others wait for.
 * - **Format items** of named marks come and go in texts. Those of other marks may go where nothing looks different:
 *   Yjs removes redundant ones by itself in every client.
 *
 * - **Recursion** in Yjs ends a document for everybody when it overflows the stack. Types and values that are nested
 *   more than 100 deep are refused.
 *
 * Stricter than that it changes nothing outside: a new entry of a map or attribute that loses to another one, a new
 * format of another mark that shows nowhere, a named mark in a root text that the server never asked for and that holds
 * no characters, a cut through a character of deleted text, and any update with a subdocument, with more than 100,000
 * items, or with more than 200 that conflict with others. Text or a value that is deleted and written again, as by undo,
 * is a change, though it reads the same.
 *
 * Throws a `TypeError` for wrong options.
 */
export function createCommentFilter(options: CommentFilterOptions): (document: Doc, update: Uint8Array) => boolean {
  checkOptions('JwtAuth: comments', options, ['types', 'marks']);
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
    throw new TypeError(`JwtAuth: comments: "${option}" must be a list of names`);
  }
  return [...names];
}

function isComment(document: Doc, scope: CommentScope, update: CommentUpdate): boolean {
  const spots = createSpots(document, scope, update);
  const isText = createIsText();

  const mayAdd = (struct: GC | Item, known: number): boolean => {
    if (struct instanceof GC) return true;
    const spot = spots.integrate(struct, known);
    if (spot === 'unclear') return false;
    if (known >= struct.length) return true;
    if (!isShallow(struct, spot === 'dropped' ? 0 : spot.depth)) return false;
    if (spot === 'dropped' || spot.inScope || spot.deleted) return true;
    // Under a key even a deleted entry would outrank one that somebody writes at this moment.
    if (spot.key !== null) return false;
    return spots.isDeleted(struct, known) || (isMark(scope, struct) && isText(spot.parent));
  };

  const reformatted = new Set<SharedType>();
  const isGone = (item: Item) => !isMark(scope, item) && spots.isDeleted(item, 0);

  const mayDelete = (struct: GC | Item): boolean => {
    if (struct instanceof GC || struct.deleted) return true;
    const spot = spots.spotOf(struct);
    if (spot === undefined || spot.inScope) return spot !== undefined;
    if (spot.key !== null || !(struct.content instanceof ContentFormat)) return false;
    if (isMark(scope, struct)) return true;
    if (!isText(spot.parent)) return false;
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
