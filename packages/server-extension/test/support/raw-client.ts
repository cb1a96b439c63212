import { once } from 'node:events';
import { MessageType } from '@hocuspocus/server';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { untilTrue } from './until.ts';

/** A frame from the server. */
export interface RawFrame {
  address: string;
  type: number;
  /** What comes after the type. */
  body: Uint8Array;
}

/** A socket that says whatever it is told, and remembers what it hears. */
export class RawClient {
  readonly frames: RawFrame[] = [];
  readonly #socket: WebSocket;

  static async open(url: string): Promise<RawClient> {
    const socket = new WebSocket(url);
    onTestFinished(() => socket.terminate());
    const client = new RawClient(socket);
    await once(socket, 'open');
    return client;
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => this.frames.push(readFrame(data)));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  send(frame: Uint8Array): void {
    this.#socket.send(frame);
  }

  end(): void {
    this.#socket.terminate();
  }

  /** Reasons of refusals for an address, in order. */
  refusals(address: string): string[] {
    return this.#texts(address, MessageType.Auth, 1);
  }

  /** Scopes in which an address was authenticated, in order. */
  scopes(address: string): string[] {
    return this.#texts(address, MessageType.Auth, 2);
  }

  /** Reasons of CLOSE frames for an address, in order. */
  closes(address: string): string[] {
    return this.#at(address, MessageType.CLOSE).map(({ body }) => decoding.readVarString(decoding.createDecoder(body)));
  }

  count(address: string, type: number): number {
    return this.#at(address, type).length;
  }

  /** Authenticates, and waits until the server has said so. */
  async enter(address: string, token: string): Promise<void> {
    const before = this.scopes(address).length;
    this.send(authFrame(address, token));
    await untilTrue(() => this.scopes(address).length > before, `${JSON.stringify(address)} is authenticated`, 20);
  }

  #at(address: string, type: number): RawFrame[] {
    return this.frames.filter((frame) => frame.address === address && frame.type === type);
  }

  #texts(address: string, type: number, kind: number): string[] {
    return this.#at(address, type).flatMap(({ body }) => {
      const decoder = decoding.createDecoder(body);
      return decoding.readVarUint(decoder) === kind ? [decoding.readVarString(decoder)] : [];
    });
  }
}

function readFrame(data: Buffer): RawFrame {
  const decoder = decoding.createDecoder(new Uint8Array(data));
  const address = decoding.readVarString(decoder);
  return { address, type: decoding.readVarUint(decoder), body: decoding.readTailAsUint8Array(decoder) };
}

/** Numbers are written as varints, texts with their length, bytes as they are. */
export type RawPart = number | string | Uint8Array;

export function rawFrame(...parts: readonly RawPart[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const part of parts) {
    if (typeof part === 'number') encoding.writeVarUint(encoder, part);
    else if (typeof part === 'string') encoding.writeVarString(encoder, part);
    else encoding.writeUint8Array(encoder, part);
  }
  return encoding.toUint8Array(encoder);
}

export function authFrame(address: string, token: string): Uint8Array {
  return rawFrame(address, MessageType.Auth, 0, token);
}

/** Asks for everything. */
export function syncStep1Frame(address: string): Uint8Array {
  return rawFrame(address, MessageType.Sync, 0, 1, new Uint8Array([0]));
}

export function updateFrame(address: string, update: Uint8Array): Uint8Array {
  return rawFrame(address, MessageType.Sync, 2, update.length, update);
}

export function statelessFrame(address: string, payload: string): Uint8Array {
  return rawFrame(address, MessageType.Stateless, payload);
}

/** An awareness update with these entries, in this order, whatever they hold; states are JSON text. */
export function presenceFrame(
  address: string,
  entries: readonly (readonly [clientId: number, clock: number, state: string])[],
): Uint8Array {
  const update = rawFrame(entries.length, ...entries.flat());
  return rawFrame(address, MessageType.Awareness, update.length, update);
}
