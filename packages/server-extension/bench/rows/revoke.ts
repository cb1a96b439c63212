import { setTimeout as pause } from 'node:timers/promises';
import { createSigner } from '../../src/index.ts';
import { hasRedis, RedisServer } from '../../test/support/redis-server.ts';
import { benchSecret } from '../bench-secret.ts';
import { inBatches } from '../in-batches.ts';
import { microseconds, milliseconds, toComparison, toFigure } from '../line.ts';
import { progress } from '../progress.ts';
import { RawClient } from '../raw-client.ts';
import type { Effort, Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';
import { ServerProcess } from '../server-process.ts';

const SOCKETS = 100;
const sign = createSigner({ secret: benchSecret, expiresIn: '1h' });

/** A quarter of the open connections of a server belongs to one subject, who is revoked. */
export const revoke: Row = async (effort) => {
  const ours = await Crowd.gather(await ServerProcess.start('hocuspocus-server.ts', 'hocuspass'), effort);
  const theirs = await Crowd.gather(await ServerProcess.start('hocuspocus-server.ts', 'without auth'), effort);
  const costs: { ours: number[]; silent: number[]; telling: number[] } = { ours: [], silent: [], telling: [] };
  // The first round warms up.
  for (let round = 0; round <= effort.rounds; round += 1) {
    progress(`revoke: round ${round} of ${effort.rounds}`);
    const our = await ours.cpuOfClosing(() => ours.server.ask('revoke', 'mallory'));
    const silent = await theirs.cpuOfClosing(() => theirs.server.ask('closeConnections', theirs.suspectNames));
    const telling = await theirs.cpuOfClosing(() => theirs.server.ask('tellAndClose', theirs.suspectNames));
    if (round === 0) continue;
    costs.ours.push(our);
    costs.silent.push(silent);
    costs.telling.push(telling);
  }
  await ours.server.stop();
  await theirs.server.stop();
  const line = (beside: string, theirs: number[]) =>
    toComparison({
      what: `revoke a subject with ${ours.suspects} of ${ours.size} open connections, each, server CPU`,
      ...{ ours: costs.ours, beside, theirs, unit: microseconds, limit: 1.3 },
    });
  return [line('closeConnections()', costs.silent), line('the reason in a frame, and close()', costs.telling)];
};

/** The same with two servers on one Redis: revoked on the one, closed on the other. */
export const revokeRedis: Row = async (effort) => {
  if (!hasRedis) return [];
  const redis = await RedisServer.start();
  const first = await ServerProcess.start('hocuspocus-server.ts', 'hocuspass', redis.url);
  const crowd = await Crowd.gather(await ServerProcess.start('hocuspocus-server.ts', 'hocuspass', redis.url), effort);
  const delays: number[] = [];
  const totals: number[] = [];
  for (let round = 0; round <= effort.rounds; round += 1) {
    progress(`revoke-redis: round ${round} of ${effort.rounds}`);
    const { first: firstClosed, all } = await crowd.timesOfClosing(() => first.ask('revoke', 'mallory'));
    if (round === 0) continue;
    delays.push(firstClosed);
    totals.push(all);
  }
  await first.stop();
  await crowd.server.stop();
  await redis.stop();
  const what = `revoked on one server, ${crowd.suspects} of ${crowd.size} on the other`;
  return [
    toFigure(`${what}: the first closes after`, delays, milliseconds, 50),
    toFigure(`${what}: all are closed after`, totals, milliseconds),
  ];
};

/** Many sockets that all have the same documents open; a quarter of those with the token of one subject. */
class Crowd {
  readonly server: ServerProcess;
  readonly suspectNames: readonly string[];
  readonly #otherNames: readonly string[];
  readonly #clients: RawClient[];

  static async gather(server: ServerProcess, effort: Effort): Promise<Crowd> {
    const clients = await inBatches(Array.from({ length: SOCKETS }), 50, () => RawClient.connect(server.url));
    const crowd = new Crowd(server, clients, Math.ceil(200 * effort.scale));
    const { token } = sign(sampleGrant('ada'));
    for (const client of crowd.#clients) await inBatches(crowd.#otherNames, 50, (name) => client.open(name, token));
    return crowd;
  }

  private constructor(server: ServerProcess, clients: RawClient[], documents: number) {
    this.#clients = clients;
    const names = Array.from({ length: documents }, (_, i) => `team/minutes-${i}`);
    this.server = server;
    this.suspectNames = names.slice(0, documents / 4);
    this.#otherNames = names.slice(documents / 4);
  }

  get suspects(): number {
    return SOCKETS * this.suspectNames.length;
  }

  get size(): number {
    return SOCKETS * (this.suspectNames.length + this.#otherNames.length);
  }

  /** Microseconds of the server's CPU for each connection that closes. */
  async cpuOfClosing(close: () => Promise<unknown>): Promise<number> {
    const closed = await this.#openSuspects();
    const cpu = await this.server.cpuOf(async () => {
      await close();
      await Promise.all(closed);
      // What Hocuspocus does after it has told the client.
      await pause(20);
    });
    return cpu / closed.length;
  }

  /** Milliseconds until the first and until the last client knows. */
  async timesOfClosing(close: () => Promise<unknown>): Promise<{ first: number; all: number }> {
    const closed = await this.#openSuspects();
    const start = performance.now();
    const done = close();
    await Promise.race(closed);
    const first = performance.now() - start;
    await Promise.all(closed);
    const all = performance.now() - start;
    await done;
    return { first, all };
  }

  async #openSuspects(): Promise<Promise<void>[]> {
    // Whoever was revoked may come back with a token that was issued later.
    const { token } = sign(sampleGrant('mallory'));
    const closed: Promise<void>[] = [];
    for (const client of this.#clients) {
      await inBatches(this.suspectNames, 50, (name) => client.open(name, token));
      closed.push(...this.suspectNames.map((name) => client.untilClosed(name)));
    }
    return closed;
  }
}
