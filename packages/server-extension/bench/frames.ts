import { createDecoder, type Decoder, readVarString, readVarUint } from 'lib0/decoding';
import {
  createEncoder,
  type Encoder,
  toUint8Array,
  writeVarString,
  writeVarUint,
  writeVarUint8Array,
} from 'lib0/encoding';

/** Types of messages of the Hocuspocus protocol. */
export const FrameType = { Sync: 0, Awareness: 1, Auth: 2, Close: 7, SyncStatus: 8 } as const;

/** A message from a server, and a reader that stands right behind its type. */
export interface Frame {
  documentName: string;
  type: number;
  body: Decoder;
}

export function readFrame(bytes: Uint8Array): Frame {
  const body = createDecoder(bytes);
  return { documentName: readVarString(body), type: readVarUint(body), body };
}

export function authFrame(documentName: string, token: string): Uint8Array {
  return frame(documentName, FrameType.Auth, (encoder) => {
    writeVarUint(encoder, 0);
    writeVarString(encoder, token);
    writeVarString(encoder, '4.8.0');
  });
}

const EMPTY_STATE_VECTOR = Uint8Array.of(0);
const EMPTY_UPDATE = Uint8Array.of(0, 0);

export function syncStep1Frame(documentName: string): Uint8Array {
  return syncFrame(documentName, 0, EMPTY_STATE_VECTOR);
}

export function syncStep2Frame(documentName: string): Uint8Array {
  return syncFrame(documentName, 1, EMPTY_UPDATE);
}

export function updateFrame(documentName: string, update: Uint8Array): Uint8Array {
  return syncFrame(documentName, 2, update);
}

export function awarenessFrame(documentName: string, update: Uint8Array): Uint8Array {
  return frame(documentName, FrameType.Awareness, (encoder) => writeVarUint8Array(encoder, update));
}

function syncFrame(documentName: string, step: number, content: Uint8Array): Uint8Array {
  return frame(documentName, FrameType.Sync, (encoder) => {
    writeVarUint(encoder, step);
    writeVarUint8Array(encoder, content);
  });
}

function frame(documentName: string, type: number, writeBody: (encoder: Encoder) => void): Uint8Array {
  const encoder = createEncoder();
  writeVarString(encoder, documentName);
  writeVarUint(encoder, type);
  writeBody(encoder);
  return toUint8Array(encoder);
}
