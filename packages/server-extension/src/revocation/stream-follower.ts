import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { parseEntry } from './parse-entry.ts';
import { type Line, parseLines } from './parse-lines.ts';
import type { RevocationEntry } from './revocation-store.ts';
import type { StreamLog } from './stream-log.ts';
import { within } from './within.ts';

const START: Line = { id: '0-0', text: '' };
const PAGE = 1_000;
const BLOCK = 1_000;
const ANSWER_LIMIT = 3_000;
const CONNECT_LIMIT = 10_000;
const LONGEST_PAUSE = 1_000;
const SETTLING = 1_500;

const never = (): null => null;

/** Every attempt is a connection of its own: what ioredis would queue, retry or wait for hides that it is cut off. */
const CONNECTION = {
  lazyConnect: true,
  retryStrategy: never,
  sentinelRetryStrategy: never,
  reconnectOnError: null,
  enableOfflineQueue: false,
  enableAutoPipelining: false,
  commandTimeout: undefined,
  socketTimeout: undefined,
  blockingTimeout: undefined,
  connectTimeout: 5_000,
  disconnectTimeout: 500,
  monitor: false,
  replyMapping: 'legacy',
} as const;

/** Follows a stream through cuts: what was missed is read, and what the stream has lost is appended again. */
export class StreamFollower {
  readonly #redis: Redis;
  readonly #log: StreamLog;
  readonly #onEntry: (entry: RevocationEntry) => void;
  readonly #onState: (state: 'current' | 'lost') => void;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #connection: Redis | undefined;
  #position: Line = START;
  #failures = 0;

  constructor(
    redis: Redis,
    log: StreamLog,
    onEntry: (entry: RevocationEntry) => void,
    onState: (state: 'current' | 'lost') => void,
  ) {
    this.#redis = redis;
    this.#log = log;
    this.#onEntry = onEntry;
    this.#onState = onState;
    this.#ended = this.#run();
  }

  /** Resolves when nothing is left open. */
  stop(): Promise<void> {
    this.#stopping.abort();
    this.#connection?.disconnect();
    return this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#follow().catch(() => {});
      this.#connection?.disconnect();
      this.#enter('lost');
      const longest = Math.min(LONGEST_PAUSE, 100 * 2 ** this.#failures);
      this.#failures += 1;
      await pause(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => {});
    }
  }

  async #follow(): Promise<never> {
    const connection = this.#redis.duplicate(CONNECTION);
    this.#connection = connection;
    // The promise of the command says the same; without a listener ioredis prints it.
    connection.on('error', () => {});
    await within(CONNECT_LIMIT, connection.connect());
    await refuseReplica(connection);
    this.#log.giveUpPending();
    await this.#catchUp(connection);
    if (this.#failures > 0) await this.#hearOthers(connection);
    this.#failures = 0;
    this.#enter('current');
    for (;;) {
      if ((await this.#read(connection, BLOCK)) === 0) await this.#catchUp(connection);
    }
  }

  /** What others withdrew while nobody could write, they append when they are back: a moment after us, perhaps. */
  async #hearOthers(connection: Redis): Promise<void> {
    const end = performance.now() + SETTLING;
    for (let left = SETTLING; left > 0; left = end - performance.now()) await this.#read(connection, Math.ceil(left));
  }

  async #catchUp(connection: Redis): Promise<void> {
    if (!(await this.#isSameStream(connection))) {
      this.#position = START;
      this.#log.doubt();
    }
    await this.#readToEnd(connection);
    for (let missing = this.#log.missing(); missing.length > 0; ) {
      // From anywhere, and no more than a page before looking again: other servers are likely to do the same.
      const start = Math.floor(Math.random() * missing.length);
      await this.#appendAgain(connection, missing.slice(start, start + PAGE));
      await this.#readToEnd(connection);
      const left = this.#log.missing();
      // What Redis refuses (it is full, say) is tried again later; this process can follow all the same.
      if (left.length >= missing.length) return;
      missing = left;
    }
  }

  #enter(state: 'current' | 'lost'): void {
    if (!this.#stopping.signal.aborted) this.#onState(state);
  }

  /** Redis comes back with a beginning of what it had: where the last line we know is, all before it are. */
  async #isSameStream(connection: Redis): Promise<boolean> {
    const { id, text } = this.#position;
    if (id === START.id) return true;
    const lines = parseLines(await within(ANSWER_LIMIT, connection.call('xrange', this.#log.key, id, id)));
    return lines[0]?.text === text;
  }

  async #readToEnd(connection: Redis): Promise<void> {
    while ((await this.#read(connection)) > 0);
  }

  async #read(connection: Redis, block?: number): Promise<number> {
    const waiting = block === undefined ? [] : ['BLOCK', block];
    const command = ['COUNT', PAGE, ...waiting, 'STREAMS', this.#log.key, this.#position.id];
    const reply = await within((block ?? 0) + ANSWER_LIMIT, connection.call('xread', command));
    const lines = parseLines(Array.isArray(reply) ? reply[0]?.[1] : reply);
    for (const { id, text } of lines) {
      this.#stopping.signal.throwIfAborted();
      const entry = parseEntry(text, Number.parseInt(id, 10) + 1);
      this.#position = { id, text };
      this.#log.confirm(entry);
      this.#onEntry(entry);
    }
    return lines.length;
  }

  async #appendAgain(connection: Redis, entries: readonly RevocationEntry[]): Promise<void> {
    const appended = entries.map((entry) => connection.call('xadd', this.#log.lineFor(entry)));
    await within(ANSWER_LIMIT, Promise.allSettled(appended));
  }
}

/** A replica may be cut off from its master without a sign. Where asking is forbidden, it is taken for a master. */
async function refuseReplica(connection: Redis): Promise<void> {
  const role = await within(ANSWER_LIMIT, connection.call('role')).catch(() => undefined);
  if (Array.isArray(role) && role[0] !== 'master') throw new Error('Redis is a replica');
}
