import {
  AbstractType,
  ContentDeleted,
  ContentString,
  ContentType,
  type Doc,
  findIndexSS,
  getState,
  ID,
  Item,
} from 'yjs';
import { CommentConflicts } from './comment-conflicts.ts';
import { type CommentScope, createPlaceOf, type Place } from './comment-scope.ts';
import { type CommentUpdate, isCovered } from './comment-update.ts';

/** Where an item stands: in the list of its parent, or under a key of it. */
export interface Spot extends Place {
  readonly key: string | null;
}

interface Found {
  readonly item: Item;
  readonly spot: Spot;
  readonly isStored: boolean;
}

/** `dropped`: Yjs keeps the clocks and drops the content. `unclear`: not what an editor writes. */
export type Integration = Spot | 'dropped' | 'unclear';

/**
 * Tells where Yjs will integrate the items of an update, as `getMissing` and `integrate` of its `Item` do: under the
 * parent of the left neighbour, else of the right one, else under the parent that is written out. To be asked in the
 * order of integration.
 */
export function createSpots(
  document: Doc,
  scope: CommentScope,
  { structs, deletions }: CommentUpdate,
): {
  integrate(item: Item, known: number): Integration;
  spotOf(item: Item): Spot | undefined;
  isDeleted(item: Item, known: number): boolean;
} {
  const { store, share } = document;
  const placeOf = createPlaceOf(document, scope);
  const added = new Map<Item, Spot>();
  const conflicts = new CommentConflicts();

  /** `undefined`: garbage-collected, or dropped. */
  const find = (id: ID): Found | undefined => {
    const isStored = id.clock < getState(store, id.client);
    const list = (isStored ? store.clients : structs).get(id.client) ?? [];
    const item = list[findIndexSS(list, id.clock)];
    if (!(item instanceof Item)) return undefined;
    const spot = isStored ? spotOf(item) : added.get(item);
    return spot && { item, spot, isStored };
  };

  const spotOf = ({ parent, parentSub: key }: Item): Spot | undefined =>
    parent instanceof AbstractType ? { ...placeOf(parent), key } : undefined;

  const isDeleted = ({ content, id, length }: Item, known: number): boolean =>
    content instanceof ContentDeleted || isCovered(deletions.get(id.client), id.clock + known, id.clock + length);

  const inside = (id: ID, key: string | null): Spot | 'dropped' => {
    const found = find(id);
    if (found === undefined || !(found.item.content instanceof ContentType)) return 'dropped';
    const { item, spot, isStored } = found;
    const parent = found.item.content.type;
    if (isStored) return { ...placeOf(parent), key };
    return { parent, inScope: spot.inScope, deleted: spot.deleted || isDeleted(item, 0), depth: spot.depth + 1, key };
  };

  const besides = (left: Found | undefined, right: Found | undefined, item: Item): Integration => {
    if ((item.origin !== null && left === undefined) || (item.rightOrigin !== null && right === undefined)) {
      return 'dropped';
    }
    const spot = left?.spot ?? right?.spot ?? 'unclear';
    return spot === 'unclear' || right === undefined || isSame(spot, right.spot) ? spot : 'unclear';
  };

  return {
    isDeleted,
    spotOf,
    integrate(item, known) {
      const { origin, rightOrigin, parent, parentSub, id } = item;
      const left = origin === null ? undefined : find(origin);
      const right = rightOrigin === null ? undefined : find(rightOrigin);
      // Yjs splits both neighbours, even for an item that it has.
      if (splits(left, origin, 1) || splits(right, rightOrigin, 0)) return 'unclear';
      if (known >= item.length) return 'dropped';
      const spot =
        parent === null
          ? besides(left, right, item)
          : typeof parent === 'string'
            ? { ...placeOf(share.get(parent) ?? parent), key: parentSub }
            : parent instanceof ID
              ? inside(parent, parentSub)
              : 'unclear';
      if (typeof spot === 'string') return spot;
      if (known > 0) {
        // The rest of an item goes beside its known part, wherever the neighbours that it names are.
        const start = find(new ID(id.client, id.clock + known - 1));
        if (start === undefined || !isSame(start.spot, spot)) return 'unclear';
      }
      if (!conflicts.add(item, spot, left?.item)) return 'unclear';
      added.set(item, spot);
      return spot;
    },
  };
}

function isSame(a: Spot, b: Spot): boolean {
  return a.parent === b.parent && a.key === b.key;
}

/** Yjs puts U+FFFD in place of both halves when it splits a character of two code units. */
function splits(found: Found | undefined, id: ID | null, after: 0 | 1): boolean {
  if (found === undefined || id === null || !found.isStored || found.spot.inScope) return false;
  const { content, id: start, length } = found.item;
  const offset = id.clock - start.clock + after;
  if (offset === 0 || offset === length || !(content instanceof ContentString)) return false;
  const unit = content.str.charCodeAt(offset - 1);
  return unit >= 0xd800 && unit <= 0xdbff;
}
