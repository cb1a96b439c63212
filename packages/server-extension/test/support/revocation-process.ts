import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { RevocationTarget } from '../../src/revocation/revocation-target.ts';

/** A server process of its own that has revocations, and can be killed. */
export class RevocationProcess {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #asked = 0;

  /** Starts it; resolves when its revocations are available. `place`: a file, or the address of a Redis. */
  static async start(place: string): Promise<RevocationProcess> {
    const started = new RevocationProcess(place);
    await started.#ask('whenAvailable');
    return started;
  }

  private constructor(place: string) {
    this.#child = fork(new URL('revocation-child.ts', import.meta.url), [place]);
    this.#child.setMaxListeners(0);
    this.#child.on('message', (message) => {
      if (!Array.isArray(message)) return;
      const [id, answer] = message;
      this.#answers.get(id)?.(answer);
      this.#answers.delete(id);
    });
  }

  /** Resolves with `stored`, or with the message of the rejection. */
  revoke(target: RevocationTarget): Promise<unknown> {
    return this.#ask('revoke', target);
  }

  /** Why a token of this subject, issued a second before the process started, is refused. */
  refusal(subject: string): Promise<unknown> {
    return this.#ask('refusal', subject);
  }

  /** Asks it to close its revocations and to do nothing more; resolves with the exit code when it has ended by itself. */
  async leave(command: 'close' | 'abandon' = 'close'): Promise<unknown> {
    const exit = once(this.#child, 'exit');
    this.#child.send([0, command]);
    const [code] = await exit;
    return code;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  #ask(...question: unknown[]): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, resolve);
      this.#child.once('exit', (code) => reject(new Error(`The process ended (${code})`)));
      this.#child.send([id, ...question]);
    });
  }
}
