import { createSigner } from '../../src/index.ts';
import { benchSecret } from '../bench-secret.ts';
import { inBatches } from '../in-batches.ts';
import { milliseconds, toComparison } from '../line.ts';
import { progress } from '../progress.ts';
import { RawClient } from '../raw-client.ts';
import type { Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';
import { ServerProcess } from '../server-process.ts';

const sign = createSigner({ secret: benchSecret, expiresIn: '1h' });

/** A server starts, and all clients come at once: socket, token, document. It knows none of the tokens. */
export const reconnect: Row = async (effort) => {
  const count = Math.ceil(5_000 * effort.scale);
  const tokens = Array.from({ length: count }, (_, i) => sign(sampleGrant(`user-${i}`)).token);
  const cpu: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const time: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < effort.rounds; round += 1) {
    progress(`reconnect: round ${round + 1} of ${effort.rounds}`);
    const kinds = [['hocuspass', 'ours'] as const, ['without auth', 'theirs'] as const];
    for (const [kind, side] of round % 2 === 0 ? kinds : kinds.toReversed()) {
      const storm = await weather(kind, tokens);
      cpu[side].push(storm.cpu / 1_000);
      time[side].push(storm.time);
    }
  }
  const what = `${count.toLocaleString('en')} clients come back after a restart`;
  const line = (measure: string, costs: typeof cpu, limit?: number) =>
    toComparison({ what: `${what}, ${measure}`, ...costs, beside: 'without auth', unit: milliseconds, limit });
  return [line('server CPU', cpu, 1.05), line('time', time)];
};

async function weather(kind: string, tokens: readonly string[]): Promise<{ cpu: number; time: number }> {
  const server = await ServerProcess.start('hocuspocus-server.ts', kind);
  const start = performance.now();
  let time = 0;
  const cpu = await server.cpuOf(async () => {
    // No more at once than a listening socket keeps waiting.
    await inBatches(tokens, 250, async (token, i) => {
      const client = await RawClient.connect(server.url);
      await client.open(`team/minutes-${i % 500}`, token);
    });
    time = performance.now() - start;
  });
  await server.stop();
  return { cpu, time };
}
