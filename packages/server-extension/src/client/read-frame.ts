/** Kinds of messages, as Hocuspocus numbers them. */
export const AUTH = 2;
export const SYNC_STATUS = 8;

/**
 * The kind of a message from the server, and the number that follows: what providers tell in their `message` event
 * alone. In front of both stands the document's name, after its length (a number of one byte, or of two).
 */
export function readFrame(data: ArrayBuffer): Uint8Array {
  const bytes = new Uint8Array(data);
  const [first = 0, second = 0] = bytes;
  return bytes.subarray(first < 128 ? first + 1 : first - 126 + second * 128);
}
