import { type Extension, Server } from '@hocuspocus/server';
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

answerParent({
  url: () => server.webSocketURL,
  documents: () => hocuspocus.documents.size,
  closeConnections: (names) => {
    for (const name of Array.isArray(names) ? names : []) hocuspocus.closeConnections(String(name));
  },
  revoke: (subject) => revocations.revoke({ subject: String(subject) }),
});
