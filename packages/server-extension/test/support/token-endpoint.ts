import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { createSigner, type Grant } from '../../src/index.ts';
import { serve } from './serve.ts';
import { secret } from './tokens.ts';

/** A real endpoint over HTTP, and what it was asked. Change its properties to change its answers. */
export interface TokenEndpoint {
  url: string;
  /** One entry for each request. */
  requests: { method: string; headers: IncomingMessage['headers']; body: string; at: number }[];
  /** Tokens it has handed out, in order. */
  issued: string[];
  grant: Grant;
  expiresIn: number;
  /** Answers this instead of a token while it is set. */
  trouble: { status: number; headers?: Record<string, string>; body?: string } | undefined;
  /** Answers wait for this while it is set. */
  gate: Promise<unknown> | undefined;
}

/** Signs for Ada, who may write everything, for a minute, unless told otherwise. */
export async function startTokenEndpoint(settings: Partial<TokenEndpoint> = {}): Promise<TokenEndpoint> {
  const endpoint: TokenEndpoint = {
    url: '',
    requests: [],
    issued: [],
    grant: { subject: 'ada', documents: { '*': 'write' } },
    expiresIn: 60,
    trouble: undefined,
    gate: undefined,
    ...settings,
  };
  const address = await serve(async (request, response) => {
    const { method = '', headers } = request;
    endpoint.requests.push({ method, headers, body: await text(request), at: performance.now() });
    // What is asked for now is answered as of now, however long the answer is on its way.
    const { trouble, grant, expiresIn, gate } = endpoint;
    const issued = createSigner({ secret, expiresIn })(grant);
    await gate;
    if (trouble !== undefined) {
      response.writeHead(trouble.status, trouble.headers).end(trouble.body);
      return;
    }
    endpoint.issued.push(issued.token);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(issued));
  });
  endpoint.url = `${address}/collab/token`;
  return endpoint;
}
