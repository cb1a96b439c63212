import { progress } from './progress.ts';
import type { Effort } from './row.ts';
import { ServerProcess } from './server-process.ts';

interface Servers {
  what: string;
  program: string;
  /** The first argument of each; the first is ours. */
  kinds: readonly string[];
  /** Applies the load once; resolves to the cost of one operation, in microseconds of the server's CPU. */
  run: (server: ServerProcess, kind: string) => Promise<number>;
}

/** A process keeps what its compiler once decided, good or bad: that must not decide the comparison. */
const GENERATIONS = 3;

/**
 * The cost of an operation on each kind of server, in pairs: in each round all have their turn, one after the other,
 * in changing order. The processes are replaced several times.
 */
export async function compareServers(
  { what, program, kinds, run }: Servers,
  { rounds }: Effort,
): Promise<Record<string, number[]>> {
  const costs: Record<string, number[]> = Object.fromEntries(kinds.map((kind) => [kind, []]));
  const perGeneration = Math.ceil(rounds / GENERATIONS);
  for (let generation = 0; generation < GENERATIONS; generation += 1) {
    const servers = await Promise.all(
      kinds.map(async (kind) => ({ kind, server: await ServerProcess.start(program, kind) })),
    );
    for (let warmUp = 0; warmUp < 2; warmUp += 1) {
      for (const { kind, server } of servers) await run(server, kind);
    }
    for (let round = 0; round < perGeneration; round += 1) {
      progress(`${what}: round ${generation * perGeneration + round + 1} of ${GENERATIONS * perGeneration}`);
      for (const { kind, server } of rotate(servers, round)) costs[kind]?.push(await run(server, kind));
    }
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
  return costs;
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
