import { once } from 'node:events';
import { readVarString, readVarUint } from 'lib0/decoding';
import { WebSocket } from 'ws';
import { authFrame, type Frame, FrameType, readFrame, syncStep1Frame, syncStep2Frame } from './frames.ts';

/** One socket that speaks the protocol as a provider does, and costs next to nothing itself. */
export class RawClient {
  readonly #socket: WebSocket;
  readonly #listeners = new Map<string, (frame: Frame) => void>();

  static async connect(url: string): Promise<RawClient> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.binaryType = 'nodebuffer';
    await once(socket, 'open');
    return new RawClient(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (bytes) => {
      if (!Buffer.isBuffer(bytes)) return;
      const frame = readFrame(bytes);
      this.#listeners.get(frame.documentName)?.(frame);
    });
    socket.on('error', () => undefined);
  }

  /** Who hears what comes for this document, from now on. */
  listen(documentName: string, listener: (frame: Frame) => void): void {
    this.#listeners.set(documentName, listener);
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame);
  }

  /** As a provider opens a document: token, then both steps of synchronising in both directions. */
  open(documentName: string, token: string): Promise<void> {
    return new Promise((resolve, reject) => {
      let missing = 2;
      const done = () => {
        missing -= 1;
        if (missing === 0) resolve();
      };
      this.listen(documentName, ({ type, body }) => {
        if (type === FrameType.Auth) {
          if (readVarUint(body) === 2) this.send(syncStep1Frame(documentName));
          else reject(new Error(`Refused: ${readVarString(body)}`));
        } else if (type === FrameType.Sync) {
          if (readVarUint(body) === 0) this.send(syncStep2Frame(documentName));
          else done();
        } else if (type === FrameType.SyncStatus) done();
      });
      this.send(authFrame(documentName, token));
    });
  }

  /** Resolves when the server has closed the document. */
  untilClosed(documentName: string): Promise<void> {
    return new Promise((resolve) => {
      this.listen(documentName, ({ type }) => {
        if (type === FrameType.Close) resolve();
      });
    });
  }

  async leave(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }
}
