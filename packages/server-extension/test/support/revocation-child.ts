import { Redis } from 'ioredis';
import { redisStore } from '../../src/redis.ts';
import { createRevocations } from '../../src/revocation/create-revocations.ts';
import { toRevocationIndex } from '../../src/revocation/revocation-index.ts';
import { sqliteStore } from '../../src/sqlite.ts';
import { sampleClaims } from './sample-claims.ts';

const [, , place = ''] = process.argv;
const redis = place.startsWith('redis:') ? new Redis(place) : undefined;
const index = toRevocationIndex(createRevocations({ store: redis ? redisStore(redis) : sqliteStore(place) }));
const issued = Date.now() / 1_000 - 1;

async function answer(question: unknown, about: unknown): Promise<unknown> {
  if (question === 'revoke') {
    const stored: Promise<void> = Reflect.apply(index.revoke, index, [about]);
    return stored.then(() => 'stored', String);
  }
  if (question === 'refusal') return index.refusalFor(sampleClaims({ subject: String(about) }, issued)) ?? 'none';
  if (question === 'whenAvailable') {
    if (!index.available) await new Promise((resolve) => index.onState(resolve));
    return 'available';
  }
  if (question === 'close') await index.close();
  redis?.disconnect();
  process.disconnect();
  return undefined;
}

process.on('message', async (message) => {
  const [id, question, about] = Array.isArray(message) ? message : [];
  const said = await answer(question, about);
  if (process.connected) process.send?.([id, said]);
});
