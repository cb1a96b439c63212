import type { Response } from 'express';

/** Answers with a problem+json body (RFC 9457). */
export function sendProblem(res: Response, status: number, title: string): void {
  res.status(status).type('application/problem+json').send(JSON.stringify({ title, status }));
}
