import type { Options } from 'express-rate-limit';
import { checkOptions } from '../core/options.ts';

/**
 * Options of express-rate-limit, all optional. The answer is always `429` with `Retry-After` and the reason
 * `rate-limited`, so those that word it otherwise are left out; who wants another answer gives a `handler`.
 *
 * - `limit`: requests of one subject in a window; an address has ten times as many. @default 30
 * - `windowMs`: @default 60_000
 * - `store`: one for both counts, under keys `subject:…` and `address:…`. @default the memory of this process
 * - `keyGenerator`: names the address, where `req.ip` does not. @default `req.ip`, an IPv6 address by its /56
 * - `passOnStoreError`: @default false, so that a store that fails refuses with `auth-unavailable`
 */
export type RateLimitOptions = {
  [Name in Exclude<keyof Options, 'message' | 'statusCode' | 'retryAfter'>]?: Options[Name] | undefined;
};

const KNOWN = [
  'windowMs',
  'limit',
  'max',
  'legacyHeaders',
  'headers',
  'standardHeaders',
  'identifier',
  'requestPropertyName',
  'skipFailedRequests',
  'skipSuccessfulRequests',
  'requestWasSuccessful',
  'keyGenerator',
  'ipv6Subnet',
  'handler',
  'skip',
  'store',
  'validate',
  'passOnStoreError',
  'logger',
];

/** A longer interval overflows the timer of the memory store, which would then forget at once. */
const LONGEST_WINDOW = 2 ** 31 - 1;

/** Throws a `TypeError` for what express-rate-limit would only report, or count wrongly with. */
export function checkRateLimitOptions(where: string, options: RateLimitOptions): void {
  checkOptions(`${where}: rateLimit`, options, KNOWN);
  for (const [name, { isGood, expected }] of Object.entries(RULES)) {
    const value: unknown = Reflect.get(options, name);
    if (value !== undefined && !isGood(value)) {
      throw new TypeError(`${where}: "rateLimit.${name}" must be ${expected}`);
    }
  }
  const { limit, max, windowMs, store } = options;
  for (const [name, value] of Object.entries({ limit, max })) {
    if (value !== undefined && typeof value !== 'function' && !isCount(value)) {
      throw new TypeError(`${where}: "rateLimit.${name}" must be a whole number of requests, or a function`);
    }
  }
  if (windowMs !== undefined && !(isCount(windowMs) && windowMs >= 1 && windowMs <= LONGEST_WINDOW)) {
    throw new TypeError(
      `${where}: "rateLimit.windowMs" must be milliseconds, at least 1 and at most ${LONGEST_WINDOW}`,
    );
  }
  if (store !== undefined && !isStore(store)) {
    throw new TypeError(`${where}: "rateLimit.store" must be a store of express-rate-limit`);
  }
}

interface Rule {
  isGood(value: unknown): boolean;
  expected: string;
}

const isFunction = (value: unknown) => typeof value === 'function';
const isText = (value: unknown) => typeof value === 'string' && value !== '';
const FUNCTION: Rule = { isGood: isFunction, expected: 'a function' };
const FLAG: Rule = { isGood: (value) => typeof value === 'boolean', expected: 'true or false' };

/** What is asked for at the first request only, where it is too late to say. */
const RULES: Readonly<Record<string, Rule>> = {
  keyGenerator: FUNCTION,
  handler: FUNCTION,
  skip: FUNCTION,
  requestWasSuccessful: FUNCTION,
  legacyHeaders: FLAG,
  headers: FLAG,
  skipFailedRequests: FLAG,
  skipSuccessfulRequests: FLAG,
  passOnStoreError: FLAG,
  requestPropertyName: { isGood: isText, expected: 'a text, not empty' },
  identifier: { isGood: (value) => isText(value) || isFunction(value), expected: 'a text, or a function' },
  standardHeaders: {
    isGood: (value) => [true, false, 'draft-6', 'draft-7', 'draft-8'].some((known) => known === value),
    expected: "true, false, 'draft-6', 'draft-7' or 'draft-8'",
  },
  ipv6Subnet: {
    isGood: (value) => value === false || isFunction(value) || (isCount(value) && value >= 32 && value <= 64),
    expected: 'a whole number from 32 to 64, false, or a function',
  },
};

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isStore(store: unknown): boolean {
  if (typeof store !== 'object' || store === null) return false;
  return ('increment' in store && typeof store.increment === 'function') || 'incr' in store;
}
