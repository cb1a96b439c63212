import { join } from 'node:path';

/** Everything that can be set; `.env.example` explains each. */
export interface Settings {
  port: number;
  host: string;
  dataDir: string;
  secret: string | undefined;
  apiKey: string | undefined;
  tokenExpiresIn: string | number;
  tokenRequestsPerMinute: number;
  redisUrl: string | undefined;
}

const DEFAULTS = {
  PORT: '3000',
  HOST: '127.0.0.1',
  DATA_DIR: join(import.meta.dirname, '..', 'data'),
  TOKEN_EXPIRES_IN: '2m',
  TOKEN_REQUESTS_PER_MINUTE: '30',
} as const;

/** Reads the environment; an empty variable counts as unset. Throws a `TypeError` that names the variable. */
export function readSettings(env: Readonly<Record<string, string | undefined>> = {}): Settings {
  const text = (name: keyof typeof DEFAULTS): string => env[name] || DEFAULTS[name];
  return {
    port: toWholeNumber('PORT', text('PORT'), 65_535),
    host: text('HOST'),
    dataDir: text('DATA_DIR'),
    secret: env.COLLAB_SECRET || undefined,
    apiKey: env.API_KEY || undefined,
    tokenExpiresIn: toDuration(text('TOKEN_EXPIRES_IN')),
    tokenRequestsPerMinute: toWholeNumber('TOKEN_REQUESTS_PER_MINUTE', text('TOKEN_REQUESTS_PER_MINUTE')),
    redisUrl: env.REDIS_URL || undefined,
  };
}

function toWholeNumber(name: string, text: string, highest = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= highest) return value;
  throw new TypeError(`${name} must be a whole number from 0 to ${highest}`);
}

function toDuration(text: string): string | number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
