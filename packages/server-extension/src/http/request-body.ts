import { documentNameProblem } from '../core/document-name.ts';
import { isRecord } from '../core/record.ts';
import { Refusal } from './refusal.ts';

const MOST_BYTES = 16 * 1_024;
const MOST_DOCUMENT_NAMES = 100;

/** Reads a body of at most 16 KiB. What exceeds is discarded unseen, so that the answer reaches who sent it. */
export async function readBytes(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const kept: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      size += chunk.byteLength;
      if (size <= MOST_BYTES) kept.push(chunk);
    }
  } catch {
    throw new Refusal('request-invalid');
  }
  if (size > MOST_BYTES) throw new Refusal('request-invalid');
  return concatenate(kept, size);
}

/** Refuses everything but `application/json`: a form of another site can send the rest without being asked. */
export function requireJson(contentType: string | null | undefined): void {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') throw new Refusal('request-invalid');
}

/** Parses JSON in UTF-8. A compressed body is not inflated, but refused. */
export function parseJson(bytes: Uint8Array, contentEncoding: string | null | undefined): unknown {
  if ((contentEncoding ?? 'identity').trim().toLowerCase() !== 'identity') throw new Refusal('request-invalid');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal('request-invalid');
  }
}

/** The documents that a parsed body asks for, each once; `undefined` where it does not narrow. */
export function readDocumentNames(body: unknown): readonly string[] | undefined {
  if (body === undefined) return undefined;
  if (!isRecord(body)) throw new Refusal('request-invalid');
  // Names of the object's own only: a polluted prototype must not ask for anything.
  const names = Object.hasOwn(body, 'documentNames') ? body.documentNames : undefined;
  if (names === undefined) return undefined;
  if (!Array.isArray(names) || names.length > MOST_DOCUMENT_NAMES) throw new Refusal('request-invalid');
  return [...new Set(names.map(requireDocumentName))];
}

function requireDocumentName(name: unknown): string {
  // `*` is no document name, so no wildcard gets through either.
  if (typeof name !== 'string' || documentNameProblem(name) !== undefined) throw new Refusal('request-invalid');
  return name;
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
