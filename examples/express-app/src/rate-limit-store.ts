import { createHash } from 'node:crypto';
import type { Store } from 'express-rate-limit';
import type { Redis } from 'ioredis';
import { RedisStore, type SendCommandFn } from 'rate-limit-redis';

/** Counts that all servers share. */
export function createRateLimitStore(redis: Redis): Store {
  const sendCommand: SendCommandFn = async (command, ...args) => {
    try {
      return toReply(await redis.call(command, ...args));
    } catch (error) {
      const [subcommand, script] = args;
      if (command !== 'SCRIPT' || subcommand !== 'LOAD' || script === undefined) throw error;
      // The store asks for a script's hash at start and never again; with it, it finds its way when Redis is there.
      return createHash('sha1').update(script).digest('hex');
    }
  };
  return new RedisStore({ sendCommand });
}

type Value = boolean | number | string;

function toReply(answer: unknown): Value | Value[] {
  return Array.isArray(answer) ? answer.map(toValue) : toValue(answer);
}

function toValue(value: unknown): Value {
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
