import type { Request, Response } from 'express';
import { ipKeyGenerator, type Options } from 'express-rate-limit';
import type { TokenLimits } from '../http/answer-token-request.ts';
import { createLimiter } from './create-limiter.ts';
import type { RateLimitOptions } from './rate-limit-options.ts';

const DEFAULT_LIMIT = 30;

/** Many people share an address: an office, a school, a mobile network. */
const ADDRESS_FACTOR = 10;

/** Makes the two limits of a token endpoint. They may share a store, for their keys differ. */
export function createRateLimits(options: RateLimitOptions): (req: Request, res: Response) => TokenLimits {
  const subjects = new WeakMap<Request, string>();
  const checkProxy = createProxyCheck(options);
  const limit = options.limit ?? options.max ?? DEFAULT_LIMIT;
  const subjectLimiter = createLimiter(options, {
    limit,
    keyGenerator: (req) => `subject:${subjects.get(req)}`,
  });
  const addressLimiter = createLimiter(options, {
    limit: multiply(limit, ADDRESS_FACTOR),
    keyGenerator: async (req, res) => `address:${await addressOf(req, res, options)}`,
    sharesStore: options.store !== undefined,
  });

  return (req, res) => {
    checkProxy(req);
    let isAddressCounted = false;
    const countAddress = async () => {
      if (isAddressCounted) return;
      isAddressCounted = true;
      await addressLimiter.count(req, res);
    };
    return {
      countAddress,
      async admitAddress() {
        if (await addressLimiter.isUsedUp(req, res)) await countAddress();
      },
      async countSubject(subject) {
        subjects.set(req, subject);
        await subjectLimiter.count(req, res);
      },
    };
  };
}

const PROXY_WARNING =
  'hocuspass: tokenEndpoint got X-Forwarded-For while "trust proxy" is off, so all people behind a proxy share one limit. ' +
  'Behind one proxy: app.set("trust proxy", 1). Behind none: rateLimit: { validate: false }';

/** Warns once, as express-rate-limit does where it reads the address itself. */
function createProxyCheck({ keyGenerator, validate }: RateLimitOptions): (req: Request) => void {
  const { default: all, xForwardedForHeader = all } = typeof validate === 'object' ? validate : { default: validate };
  let isDone = keyGenerator !== undefined || xForwardedForHeader === false;
  return ({ app, headers }) => {
    if (isDone || headers['x-forwarded-for'] === undefined) return;
    isDone = true;
    if (app.get('trust proxy') === false) process.emitWarning(PROXY_WARNING);
  };
}

function multiply(limit: Options['limit'], factor: number): Options['limit'] {
  if (typeof limit === 'number') return limit * factor;
  return async (req, res) => (await limit(req, res)) * factor;
}

async function addressOf(req: Request, res: Response, options: RateLimitOptions): Promise<string> {
  const { keyGenerator, ipv6Subnet = 56 } = options;
  if (keyGenerator !== undefined) return keyGenerator(req, res);
  // A Unix socket has no address: its requests are counted together.
  return ipKeyGenerator(req.ip ?? '', typeof ipv6Subnet === 'function' ? await ipv6Subnet(req, res) : ipv6Subnet);
}
