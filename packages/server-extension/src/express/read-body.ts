import type { Request } from 'express';
import { Refusal } from '../http/refusal.ts';
import { parseJson, readBytes, requireJson } from '../http/request-body.ts';

/** The body as the app has parsed it, else as we do. `undefined` where there is none. */
export async function readBody(req: Request): Promise<unknown> {
  const parsed: unknown = req.body;
  if (!hasBody(req)) return parsed;
  if (req.readableDidRead || isFilled(parsed)) {
    requireJson(req.headers['content-type']);
    // Read by somebody, but not parsed: that nothing was asked for would be the wrong guess.
    if (parsed === undefined || ArrayBuffer.isView(parsed)) throw new Refusal('request-invalid');
    return parsed;
  }
  // Express 4 puts {} where its parser did not apply, so what is still unread is read here.
  const bytes = await readBytes(req);
  if (bytes.byteLength === 0) return undefined;
  requireJson(req.headers['content-type']);
  return parseJson(bytes, req.headers['content-encoding']);
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
}

function isFilled(body: unknown): boolean {
  return typeof body === 'object' && body !== null ? Object.keys(body).length > 0 : body !== undefined;
}
