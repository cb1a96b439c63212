export { type RedisStoreOptions, redisStore } from './revocation/redis-store.ts';
