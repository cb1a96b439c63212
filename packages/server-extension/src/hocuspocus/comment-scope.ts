import { AbstractType, type Doc } from 'yjs';

/** Any Yjs type. */
export type SharedType = NonNullable<ReturnType<Doc['share']['get']>>;

/** What a comment may change: root types with all that is in them, and marks everywhere. */
export interface CommentScope {
  readonly types: ReadonlySet<string>;
  readonly marks: readonly string[];
}

/** Where a list or map stands. A root type that the document does not have yet is told by its name. */
export interface Place {
  readonly parent: SharedType | string;
  readonly inScope: boolean;
  readonly deleted: boolean;
  /** How many types it is in. */
  readonly depth: number;
}

/** Follows types of a document up to their roots, each once. */
export function createPlaceOf(document: Doc, scope: CommentScope): (parent: SharedType | string) => Place {
  const roots = new Set<unknown>([...scope.types].map((name) => document.share.get(name)));
  const places = new Map<SharedType | string, Place>();
  return function placeOf(parent) {
    const found = places.get(parent);
    if (found !== undefined) return found;
    const path: (SharedType | string)[] = [];
    let top = parent;
    while (!places.has(top) && typeof top !== 'string' && top._item?.parent instanceof AbstractType) {
      path.push(top);
      top = top._item.parent;
    }
    const inScope = places.get(top)?.inScope ?? (typeof top === 'string' ? scope.types.has(top) : roots.has(top));
    let depth = places.get(top)?.depth ?? 0;
    for (const each of [top, ...path.reverse()]) {
      const deleted = typeof each !== 'string' && each._item?.deleted === true;
      places.set(each, { parent: each, inScope, deleted, depth });
      depth += 1;
    }
    return places.get(parent) ?? { parent, inScope: false, deleted: false, depth };
  };
}
