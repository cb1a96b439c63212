import { Refusal } from '../http/refusal.ts';
import { parseJson, readBytes, requireJson } from '../http/request-body.ts';

/** The body, parsed; `undefined` where there is none. Refuses one that somebody has read before. */
export async function readBody(request: Request): Promise<unknown> {
  if (request.bodyUsed) throw new Refusal('request-invalid');
  if (request.body === null) return undefined;
  const bytes = await readBytes(chunksOf(request.body));
  if (bytes.byteLength === 0) return undefined;
  requireJson(request.headers.get('content-type'));
  return parseJson(bytes, request.headers.get('content-encoding'));
}

// Not every runtime can iterate over a stream.
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const result = await reader.read();
    if (result.done) return;
    yield result.value;
  }
}
