import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { RevocationTarget } from '../../src/revocation/revocation-target.ts';

/** What a server shows of somebody's presence. */
export type Caret = readonly [clientId: number, subject: string, caret: unknown];

/** A collaboration server in a process of its own, that can be killed and started again on the same port. */
export class CollaborationProcess {
  readonly #place: string;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #child: ChildProcess | undefined;
  #asked = 0;
  #port = 0;

  /** `place`: the address of a Redis, for revocations and sync, or a file, for revocations alone. */
  static async start(place: string): Promise<CollaborationProcess> {
    const started = new CollaborationProcess(place);
    await started.start();
    return started;
  }

  private constructor(place: string) {
    this.#place = place;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  /** Starts it (again); resolves when it listens. */
  async start(): Promise<void> {
    const child = fork(new URL('collaboration-child.ts', import.meta.url), [String(this.#port), this.#place]);
    this.#child = child;
    child.setMaxListeners(0);
    child.on('message', (message) => {
      if (!Array.isArray(message)) return;
      const [id, answer] = message;
      this.#answers.get(id)?.(answer);
      this.#answers.delete(id);
    });
    this.#port = Number(await this.#ask('port'));
  }

  async text(documentName: string): Promise<string> {
    return String(await this.#ask('text', documentName));
  }

  /** Of all open connections, sorted. */
  async subjects(): Promise<string> {
    return String(await this.#ask('subjects'));
  }

  /** Types of all audit events. */
  async events(): Promise<string> {
    return String(await this.#ask('events'));
  }

  async carets(documentName: string): Promise<readonly Caret[]> {
    const carets = await this.#ask('carets', documentName);
    return Array.isArray(carets) ? carets : [];
  }

  /** Resolves with `stored`, or with the message of the rejection. */
  revoke(target: RevocationTarget): Promise<unknown> {
    return this.#ask('revoke', target);
  }

  /** Ends it with SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  #ask(...question: unknown[]): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, resolve);
      this.#child?.once('exit', (code) => reject(new Error(`The server ended (${code})`)));
      this.#child?.send([id, ...question]);
    });
  }
}
