/**
 * Starts to count seconds, sleep included. `performance.now()` stands still while some machines sleep, and `Date.now()`
 * moves when somebody sets the clock: the larger of the two makes a token look too old at worst.
 */
export function startStopwatch(): () => number {
  const date = Date.now();
  const moment = performance.now();
  return () => Math.max(Date.now() - date, performance.now() - moment) / 1_000;
}
