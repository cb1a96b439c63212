import { backoffMs } from './backoff.ts';
import { createRequestToken, isText } from './request-token.ts';
import { startStopwatch } from './stopwatch.ts';
import { type TokenError, toTokenError } from './token-error.ts';

/** Where tokens come from: the app's endpoint, or a function of its own, which may throw a `Response`. */
export type TokenSourceOptions = string | URL | TokenEndpoint | (() => Promise<string | IssuedTokenJson>);

/** The app's token endpoint, and how to ask it. */
export interface TokenEndpoint {
  url: string | URL;
  /** As `fetch` takes it. @default { method: 'POST', credentials: 'same-origin' } */
  request?: RequestInit | undefined;
  /** Ask for a token for these documents alone. @default everything the person may open */
  documentNames?: readonly string[] | undefined;
}

/** What `tokenEndpoint` answers, as far as a browser needs it. */
export interface IssuedTokenJson {
  token: string;
  /** Without it, the token is shared for one second only. */
  expiresInSeconds?: number | undefined;
  expiresAt?: string | undefined;
}

/**
 * One token for all providers of a page: pass it to each as `token`. Rejects with an error that carries a `reason`:
 * `signed-out` (401) and `document-forbidden` (403) at once, outages after a few seconds of retries.
 */
export interface TokenSource {
  /** The token at hand until half of its life, then a new one. One request at a time, however many ask. */
  (): Promise<string>;
  /** A new token, or the one that is on its way already. */
  refresh(): Promise<string>;
  /**
   * Forgets what it has, also what is on its way: after a sign-in or a sign-out, say. Given the era of a token that was
   * refused, only if that era is not over: what was asked for since is not concerned.
   */
  clear(era?: number): void;
  /** How often it has forgotten: tokens of one era were asked for before the next began. */
  era?(): number;
}

/**
 * Fetches tokens, and shares them between all providers of a page. Throws a `TypeError` if the options are wrong.
 *
 * @example
 * const tokens = createTokenSource('/collab/token');
 * const provider = new HocuspocusProvider({ url, name, document, token: tokens });
 */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  /** Whoever asks waits this long for the next attempt in an outage, and hears of it if that is further away. */
  const patienceMs = 4_000;
  /** A token of unknown life is shared by those who ask within a second: half of this. */
  const unknownLifeSeconds = 2;
  const ask = typeof options === 'function' ? options : createRequestToken(options);
  // The token at hand, while it is young.
  let held: (() => string | false) | undefined;
  let flight: Promise<string> | undefined;
  let era = 0;
  let failure: TokenError | undefined;
  let failures = 0;
  let nextAttempt = 0;

  async function source(): Promise<string> {
    const token = held?.();
    if (token) return token;
    flight ??= load(era).finally(() => {
      flight = undefined;
    });
    return flight;
  }

  async function load(asked: number): Promise<string> {
    while (asked === era) {
      const waitMs = nextAttempt - performance.now();
      if (waitMs > patienceMs) throw failure;
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      const age = startStopwatch();
      try {
        const answer = await ask();
        const { token = answer, expiresInSeconds = unknownLifeSeconds } = Object(answer);
        if (!isText(token)) throw answer;
        if (asked === era) {
          held = () => age() < expiresInSeconds / 2 && token;
          failures = nextAttempt = 0;
          return token;
        }
      } catch (cause) {
        if (asked === era) {
          failure = toTokenError(cause);
          if (failure.reason !== 'auth-unavailable') throw failure;
          // Seconds (RFC 9110, section 10.2.3); dates are left to the backoff.
          const retryAfterMs = Number(Object(cause).headers?.get('retry-after')) * 1_000 || 0;
          nextAttempt = performance.now() + Math.max(backoffMs(failures++), retryAfterMs);
        }
      }
    }
    // What was asked for in an earlier era is worth nothing.
    return source();
  }

  function clear(refused?: number): void {
    if (refused === undefined) failures = nextAttempt = 0;
    else if (refused < era) return;
    era++;
    held = flight = undefined;
  }

  function refresh(): Promise<string> {
    if (flight === undefined) clear();
    return source();
  }

  return Object.assign(source, { clear, refresh, era: () => era });
}
