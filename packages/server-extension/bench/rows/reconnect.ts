import { createSigner } from '../../src/index.ts';
import { benchSecret } from '../bench-secret.ts';
import { inBatches } from '../in-batches.ts';
import { milliseconds, toComparison } from '../line.ts';
import { progress } from '../progress.ts';
import { RawClient } from '../raw-client.ts';
import type { Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';
import { ServerProcess } from '../server-process.ts';

const KINDS = ['hocuspass', 'without auth', 'hand-written hook', 'floor: HMAC + JSON.parse in the hook'];
const sign = createSigner({ secret: benchSecret, expiresIn: '1h' });

/** A server starts, and all clients come at once: socket, token, document. It knows none of the tokens. */
export const reconnect: Row = async (effort) => {
  const count = Math.ceil(5_000 * effort.scale);
  const tokens = Array.from({ length: count }, (_, i) => sign(sampleGrant(`user-${i}`)).token);
  const storms = KINDS.map((kind) => ({ kind, cpu: toList(), time: toList() }));
  for (let round = 0; round < effort.rounds; round += 1) {
    progress(`reconnect: round ${round + 1} of ${effort.rounds}`);
    for (const storm of round % 2 === 0 ? storms : storms.toReversed()) {
      const { cpu, time } = await weather(storm.kind, tokens);
      storm.cpu.push(cpu / 1_000);
      storm.time.push(time);
    }
  }
  const [ours, ...others] = storms;
  const line = (measure: 'cpu' | 'time', words: string, other: (typeof storms)[number], limit?: number) =>
    toComparison({
      what: `${count.toLocaleString('en')} clients come back after a restart, ${words}`,
      ...{ ours: ours?.[measure] ?? [], beside: other.kind, theirs: other[measure], unit: milliseconds, limit },
    });
  return others.flatMap((other) => {
    const isTarget = other.kind === 'without auth';
    return [line('cpu', 'server CPU', other, isTarget ? 1.05 : undefined), line('time', 'time', other)];
  });
};

function toList(): number[] {
  return [];
}

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
