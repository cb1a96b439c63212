import { type Connection, IncomingMessage, MessageType, OutgoingMessage } from '@hocuspocus/server';
import type { AuthReason } from '../core/auth-error.ts';

/** What kind of message a client sent, and a reader that stands right behind the type; `undefined`: it has none. */
export function openFrame(frame: Uint8Array): { type: MessageType | undefined; body: IncomingMessage } {
  const body = new IncomingMessage(frame);
  const addressBytes = body.readVarUint();
  body.decoder.pos += addressBytes;
  try {
    return { type: body.readVarUint(), body };
  } catch {
    // Hocuspocus refuses it in a moment, and closes the connection.
    return { type: undefined, body };
  }
}

/** The frame that stock providers turn into an `authenticated` event with the scope. */
export function sendAuthenticated(connection: Connection): void {
  connection.send(
    new OutgoingMessage(connection.messageAddress).writeAuthenticated(connection.readOnly).toUint8Array(),
  );
}

/** The frame that stock providers turn into an `authenticationFailed` event with the reason. */
export function sendDenied(connection: Connection, reason: AuthReason): void {
  connection.send(new OutgoingMessage(connection.messageAddress).writePermissionDenied(reason).toUint8Array());
}

/** Asks the client for what the document lacks: the edits that were refused while it could not write. */
export function sendSyncStep1(connection: Connection): void {
  connection.send(
    new OutgoingMessage(connection.messageAddress)
      .createSyncMessage()
      .writeFirstSyncStepFor(connection.document)
      .toUint8Array(),
  );
}

export { MessageType };
