import type { AuthReason } from '../core/auth-error.ts';

const WINDOW_MS = 60_000;

/** Only these count: a page of many documents with one expired token is not an attack. */
const COUNTED: ReadonlySet<AuthReason> = new Set<AuthReason>(['token-invalid', 'document-forbidden']);

/** What one socket has done. */
export class SocketLimits {
  readonly #open = new Map<string, number>();
  readonly #limits: { connectionsPerDocument: number; refusalsPerMinute: number };
  #refusals = 0;
  /** Attempts whose tokens are being looked at, each of which may become a refusal. */
  #underWay = 0;
  #settled: PromiseWithResolvers<void> | undefined;
  #windowStart = 0;
  #reported = false;

  constructor(limits: { connectionsPerDocument: number; refusalsPerMinute: number }) {
    this.#limits = limits;
  }

  /**
   * Lets an attempt begin; false if it is to be refused before anything is verified. Of many that come at once, those
   * wait that would exceed the limit if all before them were refused. Each that begins must `settle`.
   */
  async begin(documentName: string): Promise<boolean> {
    while (!this.#isExceeded(documentName)) {
      if (this.#refusals + this.#underWay < this.#limits.refusalsPerMinute) {
        this.#underWay += 1;
        return true;
      }
      this.#settled ??= Promise.withResolvers();
      await this.#settled.promise;
    }
    return false;
  }

  /** An attempt that began is decided, and its refusal counted. */
  settle(): void {
    this.#underWay -= 1;
    this.#settled?.resolve();
    this.#settled = undefined;
  }

  countRefusal(reason: AuthReason): void {
    if (COUNTED.has(reason)) this.#refusals += 1;
  }

  /** Whether an excess is still to be reported: once a minute, or the audit log would carry the flood on. */
  shouldReport(): boolean {
    const first = !this.#reported;
    this.#reported = true;
    return first;
  }

  /** Takes a place for an open connection; false if there is none. */
  enter(documentName: string): boolean {
    const count = this.#open.get(documentName) ?? 0;
    if (count >= this.#limits.connectionsPerDocument) return false;
    this.#open.set(documentName, count + 1);
    return true;
  }

  leave(documentName: string): void {
    const count = this.#open.get(documentName) ?? 0;
    if (count > 1) this.#open.set(documentName, count - 1);
    else this.#open.delete(documentName);
  }

  #isExceeded(documentName: string): boolean {
    if (Date.now() - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = Date.now();
      this.#refusals = 0;
      this.#reported = false;
    }
    return (
      this.#refusals >= this.#limits.refusalsPerMinute ||
      (this.#open.get(documentName) ?? 0) >= this.#limits.connectionsPerDocument
    );
  }
}
