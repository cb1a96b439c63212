import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

export interface RawItem {
  origin?: Y.ID | null;
  right?: Y.ID | null;
  /** The name of a root type, or the id of an item that holds a type. */
  parent?: string | Y.ID;
  key?: string | null;
  content: Y.Item['content'];
}

interface RawSection {
  client: number;
  clock: number;
  structs: readonly (RawItem | { gc: number } | { skip: number })[];
}

/** Writes an update (V1) as it is told, also those that no editor would write. */
export function rawUpdate(
  sections: readonly RawSection[],
  deletions: readonly (readonly [client: number, clock: number, length: number])[] = [],
): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  encoding.writeVarUint(encoder.restEncoder, sections.length);
  for (const { client, clock, structs } of sections) {
    encoding.writeVarUint(encoder.restEncoder, structs.length);
    encoder.writeClient(client);
    encoding.writeVarUint(encoder.restEncoder, clock);
    // Ids of single structs are not written.
    const id = Y.createID(client, 0);
    for (const struct of structs) {
      if ('gc' in struct) new Y.GC(id, struct.gc).write(encoder, 0);
      else if ('skip' in struct) new Y.Skip(id, struct.skip).write(encoder, 0);
      else toItem(id, struct).write(encoder, 0);
    }
  }
  encoding.writeVarUint(encoder.restEncoder, deletions.length);
  for (const [client, clock, length] of deletions) {
    encoding.writeVarUint(encoder.restEncoder, client);
    encoding.writeVarUint(encoder.restEncoder, 1);
    encoder.writeDsClock(clock);
    encoder.writeDsLen(length);
  }
  return encoder.toUint8Array();
}

function toItem(id: Y.ID, { origin = null, right = null, parent, key = null, content }: RawItem): Y.Item {
  const item = new Y.Item(id, null, origin, null, right, null, key, content);
  // Encoders write the name of a root type as it is, though their types do not say so.
  Reflect.set(item, 'parent', parent ?? 'comments');
  return item;
}
