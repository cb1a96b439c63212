import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that publishes a key set, counts how often it is asked, and can break in several ways. */
export interface KeySetServer {
  url: string;
  /** What it answers: any JSON, or a status. */
  answer: unknown;
  requests: number;
  /** Keeps the next requests waiting until the function it returns is called. */
  hold(): () => void;
  close(): Promise<void>;
}

export async function startKeySetServer(answer: unknown): Promise<KeySetServer> {
  let released: Promise<void> = Promise.resolve();
  const http = createServer(async (_request, response) => {
    server.requests += 1;
    await released;
    const { answer } = server;
    if (typeof answer === 'number') response.writeHead(answer, { location: `${server.url}/elsewhere` }).end();
    else response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  const server: KeySetServer = {
    url: '',
    answer,
    requests: 0,
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      released = promise;
      return resolve;
    },
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  server.url = `http://127.0.0.1:${portOf(http.address())}`;
  return server;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}
