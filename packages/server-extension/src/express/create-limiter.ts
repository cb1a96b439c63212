import type { Request, Response } from 'express';
import { type Options, rateLimit } from 'express-rate-limit';
import { Refusal } from '../http/refusal.ts';
import type { RateLimitOptions } from './rate-limit-options.ts';

const MINUTE = 60_000;

/** One limit of express-rate-limit, as a promise. */
interface Limiter {
  /** Counts this request. Throws a `Refusal`: `rate-limited`, or `auth-unavailable` where the store fails. */
  count(req: Request, res: Response): Promise<void>;
  /** Whether the next request would be too many. Always false where the store cannot look without counting. */
  isUsedUp(req: Request, res: Response): Promise<boolean>;
}

interface LimiterOptions {
  limit: Options['limit'];
  keyGenerator: Options['keyGenerator'];
  /** Whether another limiter has announced the store already. */
  sharesStore?: boolean;
}

export function createLimiter(options: RateLimitOptions, own: LimiterOptions): Limiter {
  const { limit, keyGenerator, sharesStore = false } = own;
  const { store, skip, passOnStoreError = false, requestPropertyName = 'rateLimit' } = options;
  const limiter = rateLimit({ ...toConfiguration(options, sharesStore), limit, keyGenerator, requestPropertyName });
  const canLook = store === undefined || ('get' in store && typeof store.get === 'function');

  return {
    count: (req, res) =>
      new Promise((resolve, reject) => {
        limiter(req, res, (...failure: unknown[]) => {
          // A store may also fail with nothing to say, or count nonsense.
          if (failure.length === 0 && isCounted(req, requestPropertyName)) resolve();
          else reject(toRefusal(failure[0] ?? new Error('The store of the rate limit does not count')));
        });
      }),
    async isUsedUp(req, res) {
      try {
        if (!canLook || (await skip?.(req, res))) return false;
        const info = await limiter.getKey(await keyGenerator(req, res));
        if (info === undefined || Number(info.resetTime) <= Date.now()) return false;
        return info.totalHits >= (typeof limit === 'function' ? await limit(req, res) : limit);
      } catch (error) {
        if (passOnStoreError) return false;
        throw toRefusal(error);
      }
    },
  };
}

function toConfiguration(options: RateLimitOptions, sharesStore: boolean): Partial<Options> {
  const { ipv6Subnet, max, handler, validate = true, windowMs = MINUTE, ...others } = options;
  const validations = typeof validate === 'boolean' ? { default: validate } : validate;
  return {
    // Two limits would overwrite each other's headers; only 'draft-8' is made for several.
    legacyHeaders: others.headers ?? false,
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    windowMs,
    validate: sharesStore ? { ...validations, unsharedStore: false } : validations,
    handler: async (req, res, next, used) => {
      await handler?.(req, res, next, used);
      next(new Refusal('rate-limited', { headers: { 'Retry-After': retryAfter(req, used) } }));
    },
  };
}

function retryAfter(req: Request, { requestPropertyName, windowMs }: Options): string {
  const { resetTime } = readInfo(req, requestPropertyName);
  const milliseconds = resetTime instanceof Date ? resetTime.getTime() - Date.now() : windowMs;
  return String(Math.max(1, Math.ceil(milliseconds / 1_000)));
}

function isCounted(req: Request, property: string): boolean {
  const info = readInfo(req, property);
  // Nothing is counted where `skip` or `passOnStoreError` say so.
  return !('used' in info) || (typeof info.used === 'number' && info.used >= 1);
}

function readInfo(req: Request, property: string): { used?: unknown; resetTime?: unknown } {
  const info: unknown = Reflect.get(req, property);
  return typeof info === 'object' && info !== null ? info : {};
}

function toRefusal(error: unknown): Refusal {
  return error instanceof Refusal ? error : new Refusal('auth-unavailable', { cause: error });
}
