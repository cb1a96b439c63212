import type { IncomingMessage, Server } from 'node:http';
import { type Extension, Hocuspocus } from '@hocuspocus/server';
import { WebSocketServer } from 'ws';

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Hocuspocus on an HTTP server that also serves other things. */
export interface Collaboration {
  hocuspocus: Hocuspocus;
  /** Ends every connection, and stores what is unsaved. */
  close(): Promise<void>;
}

export function createCollaboration(server: Server, paths: readonly string[], extensions: Extension[]): Collaboration {
  const hocuspocus = new Hocuspocus({ extensions, quiet: true, debounce: 250, maxDebounce: 1000 });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });

  server.on('upgrade', (message, socket, head) => {
    const request = toRequest(message);
    if (request === undefined || !paths.includes(new URL(request.url).pathname)) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(message, socket, head, (webSocket) => {
      const connection = hocuspocus.handleConnection(webSocket, request);
      webSocket.on('message', (data: Buffer) => connection.handleMessage(data));
      webSocket.on('close', (code, reason) => connection.handleClose({ code, reason: reason.toString() }));
      // What breaks the protocol ends the socket, and the close event follows.
      webSocket.on('error', () => {});
    });
  });

  return {
    hocuspocus,
    close: async () => {
      // First the sockets, or their clients would open again what is being closed. They come back by themselves.
      server.removeAllListeners('upgrade');
      for (const webSocket of sockets.clients) webSocket.terminate();
      await unloadAll(hocuspocus);
      await hocuspocus.hooks('onDestroy', { instance: hocuspocus });
    },
  };
}

function toRequest({ url = '/', headers }: IncomingMessage): Request | undefined {
  const absolute = URL.parse(url, 'http://localhost');
  if (absolute === null) return undefined;
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(absolute, { headers: pairs });
}

/** A document leaves memory once it is stored and nobody is connected. */
async function unloadAll(hocuspocus: Hocuspocus): Promise<void> {
  const unloaded = new Promise<void>((resolve) => {
    const resolveWhenEmpty = async () => {
      if (hocuspocus.getDocumentsCount() === 0) resolve();
    };
    hocuspocus.configuration.extensions.push({ afterUnloadDocument: resolveWhenEmpty });
    resolveWhenEmpty();
  });
  hocuspocus.flushPendingStores();
  await unloaded;
}
