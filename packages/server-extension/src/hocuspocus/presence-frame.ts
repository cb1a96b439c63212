import type { IncomingMessage } from '@hocuspocus/server';

/** One entry of an awareness update, as far as it must be known to judge it. */
export interface PresenceEntry {
  clientId: number;
  clock: number;
  /** Length of the state, JSON in UTF-8. */
  bytes: number;
  /** `null`: the client says that this id is gone. */
  isRemoval: boolean;
}

const NULL_BYTES = [0x6e, 0x75, 0x6c, 0x6c];

/**
 * Reads an awareness update without parsing its states (y-protocols, `encodeAwarenessUpdate`). Hocuspocus' own hook
 * comes later, and no longer knows the clocks. `undefined`: it cannot be read.
 */
export function readPresenceFrame(body: IncomingMessage): PresenceEntry[] | undefined {
  try {
    return readEntries(body);
  } catch {
    return undefined;
  }
}

function readEntries(body: IncomingMessage): PresenceEntry[] {
  const length = body.readVarUint();
  const end = body.decoder.pos + length;
  const count = body.readVarUint();
  const entries: PresenceEntry[] = [];
  for (let i = 0; i < count && body.decoder.pos < end; i += 1) {
    const clientId = body.readVarUint();
    const clock = body.readVarUint();
    const bytes = body.readVarUint();
    const start = body.decoder.pos;
    body.decoder.pos = start + bytes;
    entries.push({ clientId, clock, bytes, isRemoval: isNull(body.decoder.arr, start, bytes) });
  }
  return entries;
}

function isNull(source: Uint8Array, start: number, bytes: number): boolean {
  return bytes === NULL_BYTES.length && NULL_BYTES.every((byte, i) => source[start + i] === byte);
}
