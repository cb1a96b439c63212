import type { ProblemReason } from './problem.ts';

/** Ends a request with a reason. `cause` is what failed, for the app's log; it never reaches an answer. */
export class Refusal extends Error {
  readonly reason: ProblemReason;
  readonly headers: Readonly<Record<string, string>>;

  constructor(reason: ProblemReason, options: { headers?: Readonly<Record<string, string>>; cause?: unknown } = {}) {
    super(reason, options);
    this.name = 'Refusal';
    this.reason = reason;
    this.headers = options.headers ?? {};
  }
}
