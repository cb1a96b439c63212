import type { Answer } from './answer.ts';
import { toProblem } from './problem.ts';
import { Refusal } from './refusal.ts';

/** Told what failed behind an answer that must not say it. */
export type OnError = (error: unknown) => void;

/** Turns whatever ended a request into its answer, and tells `onError` what failed; an expected no is told to nobody. */
export function toRefusalAnswer(error: unknown, onError: OnError = printError): Answer {
  const refusal = error instanceof Refusal ? error : new Refusal('internal-error', { cause: error });
  if ('cause' in refusal) tell(onError, refusal.cause);
  return toProblem(refusal.reason, refusal.headers);
}

function tell(onError: OnError, error: unknown): void {
  try {
    onError(error);
  } catch {
    // A log that fails must not keep the answer back.
  }
}

function printError(error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: a failure that nobody hears of is never repaired.
  console.error('hocuspass:', error);
}
