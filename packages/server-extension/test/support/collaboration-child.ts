import { Redis as RedisSync } from '@hocuspocus/extension-redis';
import { Server } from '@hocuspocus/server';
import { Redis } from 'ioredis';
import { type AuthEvent, JwtAuth } from '../../src/hocuspocus.ts';
import { createRevocations, createVerifier } from '../../src/index.ts';
import { redisStore } from '../../src/redis.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { secret } from './tokens.ts';

/** A collaboration server as an app runs it: with one Redis for revocations and sync, or with a file alone. */
const [, , port = '0', place = ''] = process.argv;
const isRedis = place.startsWith('redis:');

function createClient(): Redis {
  const redis = new Redis(place, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => {});
  return redis;
}

const revocations = createRevocations({ store: isRedis ? redisStore(createClient()) : sqliteStore(place) });
const events: AuthEvent[] = [];
const auth = new JwtAuth({
  verify: createVerifier({ secret, revocations }),
  onEvent: (event) => events.push(event),
});
const server = new Server({
  quiet: true,
  stopOnSignals: false,
  extensions: isRedis ? [auth, new RedisSync({ createClient })] : [auth],
});
server.configuration.port = Number(port);
await server.listen();

const answers: Record<string, (about: unknown) => unknown> = {
  port: () => server.address.port,
  text: (name) => server.hocuspocus.documents.get(String(name))?.getText('body').toString(),
  subjects: () => [...auth.connections()].map(({ subject }) => subject).toSorted(),
  events: () => events.map(({ type }) => type),
  carets: (name) =>
    [...(server.hocuspocus.documents.get(String(name))?.awareness.getStates() ?? [])].map(([clientId, state]) => [
      clientId,
      state.user?.id,
      state.caret,
    ]),
  revoke: (target) => {
    const stored: Promise<void> = Reflect.apply(revocations.revoke, revocations, [target]);
    return stored.then(() => 'stored', String);
  },
};

process.on('message', async (message) => {
  const [id, question, about] = Array.isArray(message) ? message : [];
  const said = await answers[question]?.(about);
  if (process.connected) process.send?.([id, said]);
});
