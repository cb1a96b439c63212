import * as Y from 'yjs';
import { isOneOf, type Outside, readOutside, viewItems } from './outside-view.ts';

/** What an update does to a document, found by applying it to copies. */
export interface Applied {
  /** Why it is more than a comment; `undefined` if it is one. */
  change?: 'outside' | 'outside as an app reads it' | 'pending' | 'throws' | 'outside of an offline client' | undefined;
  /** Whether it adds an entry to a map or attribute outside. */
  addsEntry: boolean;
  /** Whether it adds formats of other marks outside. */
  addsFormat: boolean;
  /** What `update` events carry to the others. */
  broadcast: Uint8Array;
}

export function copyOf(document: Y.Doc, gc = true): Y.Doc {
  const copy = new Y.Doc({ gc });
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(document));
  return copy;
}

/** Applies an update to a copy of the document, and what comes of it to an offline client's unsynced copy. */
export function applied(document: Y.Doc, update: Uint8Array, outside: Outside, offline?: Y.Doc): Applied {
  try {
    return apply(document, update, outside, offline);
  } catch {
    return { change: 'throws', addsEntry: false, addsFormat: false, broadcast: new Uint8Array([0, 0]) };
  }
}

function apply(document: Y.Doc, update: Uint8Array, outside: Outside, offline?: Y.Doc): Applied {
  const copy = copyOf(document);
  const broadcasts: Uint8Array[] = [];
  copy.on('update', (each: Uint8Array) => broadcasts.push(each));
  const view = () => JSON.stringify(viewItems(copy, outside));
  const before = view();
  const pending = JSON.stringify([copy.store.pendingStructs, copy.store.pendingDs]);
  const unread = copyOf(document);
  const read = JSON.stringify(readOutside(unread, outside));
  const added = additions(document, update, outside);
  const result = (change?: Applied['change']): Applied => ({
    change,
    ...added,
    broadcast: broadcasts.length === 0 ? new Uint8Array([0, 0]) : Y.mergeUpdates(broadcasts),
  });
  Y.applyUpdate(copy, update);
  if (JSON.stringify([copy.store.pendingStructs, copy.store.pendingDs]) !== pending) return result('pending');
  if (view() !== before) return result('outside');
  Y.applyUpdate(unread, update);
  if (JSON.stringify(readOutside(unread, outside)) !== read) return result('outside as an app reads it');
  if (offline !== undefined) {
    const other = copyOf(document);
    Y.applyUpdate(other, Y.encodeStateAsUpdate(offline));
    const unsynced = JSON.stringify(viewItems(other, outside));
    for (const each of broadcasts) Y.applyUpdate(other, each);
    if (JSON.stringify(viewItems(other, outside)) !== unsynced) return result('outside of an offline client');
  }
  return result();
}

function additions(document: Y.Doc, update: Uint8Array, outside: Outside): { addsEntry: boolean; addsFormat: boolean } {
  const copy = copyOf(document, false);
  const state = Y.decodeStateVector(Y.encodeStateVector(copy));
  Y.applyUpdate(copy, update);
  const added = [...copy.store.clients].flatMap(([client, structs]) =>
    structs.filter((struct) => struct instanceof Y.Item && struct.id.clock + struct.length > (state.get(client) ?? 0)),
  );
  const outer = added.filter((item) => item instanceof Y.Item && !isWithin(item, outside) && !isInDeleted(item));
  return {
    addsEntry: outer.some((item) => item instanceof Y.Item && item.parentSub !== null),
    addsFormat: outer.some((item) => item instanceof Y.Item && isOtherFormat(item, outside)),
  };
}

function isOtherFormat({ content }: Y.Item, { marks }: Outside): boolean {
  return content instanceof Y.ContentFormat && !isOneOf(marks, content.key);
}

function isWithin(item: Y.Item, { types }: Outside): boolean {
  let top = item.parent;
  while (top instanceof Y.AbstractType && top._item !== null) top = top._item.parent;
  return top instanceof Y.AbstractType && types.includes(Y.findRootTypeKey(top));
}

function isInDeleted({ parent }: Y.Item): boolean {
  return parent instanceof Y.AbstractType && parent._item?.deleted === true;
}
