import { type Extension, OutgoingMessage, Server } from '@hocuspocus/server';
import { Redis } from 'ioredis';
import { JwtAuth } from '../src/hocuspocus.ts';
import { createRevocations, createVerifier } from '../src/index.ts';
import { redisStore } from '../src/redis.ts';
import { answerParent } from './answer-parent.ts';
import { benchSecret } from './bench-secret.ts';
import { expiryCheck, floor, handWritten, verifyEach } from './hand-written.ts';

const [, , kind = '', redisUrl] = process.argv;

const revocations = createRevocations(redisUrl ? { store: redisStore(new Redis(redisUrl)) } : {});

const verify = createVerifier({ secret: benchSecret, revocations });

const KINDS: Readonly<Record<string, () => Extension[]>> = {
  'without auth': () => [],
  'hand-written hook': () => [handWritten],
  'floor: HMAC + JSON.parse in the hook': () => [floor],
  'expiry check for each message': () => [expiryCheck],
  'verify for each message': () => [verifyEach],
  hocuspass: () => [new JwtAuth({ verify })],
  'hocuspass, announce: false': () => [new JwtAuth({ verify, announce: false })],
};

const server = new Server({
  port: 0,
  address: '127.0.0.1',
  quiet: true,
  timeout: 600_000,
  extensions: KINDS[kind]?.() ?? [],
});
await server.listen();
const { hocuspocus } = server;

/** The least that tells a stock provider why. */
function tellAndClose(name: string): void {
  for (const connection of hocuspocus.documents.get(name)?.getConnections() ?? []) {
    const denied = new OutgoingMessage(connection.messageAddress).writePermissionDenied('token-revoked');
    connection.send(denied.toUint8Array());
    connection.close({ code: 4401, reason: 'token-revoked' });
  }
}

function toNames(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

answerParent({
  url: () => server.webSocketURL,
  documents: () => hocuspocus.documents.size,
  closeConnections: (names) => {
    for (const name of toNames(names)) hocuspocus.closeConnections(name);
  },
  tellAndClose: (names) => toNames(names).forEach(tellAndClose),
  revoke: (subject) => revocations.revoke({ subject: String(subject) }),
});
