import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A server in a process of its own, which says what it costs. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #answers = new Map<number, (answer: unknown) => void>();
  #asked = 0;
  url = '';

  /** `program`: a file of this folder. Resolves when it listens. */
  static async start(program: string, ...args: readonly string[]): Promise<ServerProcess> {
    const server = new ServerProcess(program, args);
    server.url = String(await server.ask('url'));
    return server;
  }

  private constructor(program: string, args: readonly string[]) {
    const options = { execArgv: ['--expose-gc'] };
    this.#child = fork(new URL(program, import.meta.url), [...args], options);
    this.#child.on('message', (message) => {
      if (!Array.isArray(message)) return;
      const [id, answer] = message;
      this.#answers.get(id)?.(answer);
      this.#answers.delete(id);
    });
    this.#child.on('exit', (code) => {
      if (this.#answers.size > 0) throw new Error(`${program} ended (${code})`);
    });
  }

  ask(question: string, about?: unknown): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      this.#answers.set(id, resolve);
      this.#child.send([id, question, about]);
    });
  }

  /** Microseconds of CPU, of all its threads, that it spends while something is done to it. */
  async cpuOf(load: () => Promise<unknown>): Promise<number> {
    await this.ask('collectGarbage');
    const before = Number(await this.ask('cpu'));
    await load();
    return Number(await this.ask('cpu')) - before;
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }
}
