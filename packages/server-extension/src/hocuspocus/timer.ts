/** The longest delay that `setTimeout` keeps; a longer one would fire at once. */
const MAX_DELAY_MS = 2_147_483_647;

export type Timer = NodeJS.Timeout;

/**
 * Calls `listener(target)` at `due` (epoch milliseconds), or after 24.8 days if that comes first: who is called looks at
 * the time, and starts the next. Does not keep the process alive.
 */
export function startTimer<Target>(due: number, listener: (target: Target) => void, target: Target): Timer {
  const delay = Math.min(Math.max(due - Date.now(), 0), MAX_DELAY_MS);
  // One more: timers fire up to a millisecond early.
  return setTimeout(listener, Math.min(Math.ceil(delay) + 1, MAX_DELAY_MS), target).unref();
}

export function stopTimer(timer: Timer | undefined): void {
  clearTimeout(timer);
}
