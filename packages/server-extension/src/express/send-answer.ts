import type { Response } from 'express';
import type { Answer } from '../http/answer.ts';

/** Writes past `res.send`, which would add an ETag. Does nothing where the app has answered already. */
export function sendAnswer(res: Response, { status, headers, body }: Answer): void {
  if (res.headersSent) return;
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  res.end(body);
}
