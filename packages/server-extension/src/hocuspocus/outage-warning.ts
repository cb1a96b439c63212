import { warn } from './warn.ts';

const QUIET_MS = 10_000;

const quietUntil = new WeakMap<object, number>();

/**
 * Tells the app what is behind `auth-unavailable`, because no client and no event ever says it. A flood of failures is
 * one warning in ten seconds, for each `verify`.
 */
export function warnOfOutage(verify: object, error: unknown): void {
  const now = performance.now();
  if (now < (quietUntil.get(verify) ?? 0)) return;
  quietUntil.set(verify, now + QUIET_MS);
  warn('connections are refused with auth-unavailable', error);
}
