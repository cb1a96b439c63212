import { setTimeout as pause } from 'node:timers/promises';
import { createSigner } from '../../src/index.ts';
import { benchSecret } from '../bench-secret.ts';
import { compareServers } from '../compare-servers.ts';
import { inBatches } from '../in-batches.ts';
import { microseconds, toComparison } from '../line.ts';
import { RawClient } from '../raw-client.ts';
import type { Effort, Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';
import type { ServerProcess } from '../server-process.ts';

const BARE = 'without auth';
const FLOOR = 'floor: HMAC + JSON.parse in the hook';
const SILENT = 'hocuspass, announce: false';
const KINDS = ['hocuspass', BARE, 'hand-written hook', FLOOR, SILENT];
const sign = createSigner({ secret: benchSecret, expiresIn: '1h' });

/** Many documents over one socket, with one token: a page that shows a list. */
export const authenticateOneSocket: Row = (effort) =>
  compare('open a document, one socket', effort, async (server) => {
    const names = toNames(Math.ceil(1_500 * effort.scale));
    const client = await RawClient.connect(server.url);
    const { token } = sign(sampleGrant('ada'));
    const cpu = await server.cpuOf(() => inBatches(names, 20, (name) => client.open(name, token)));
    await client.leave();
    await untilUnloaded(server);
    return cpu / names.length;
  });

/** One document on each of many sockets, each with a token of its own that the server has never seen. */
export const authenticateManySockets: Row = (effort) =>
  compare('open a document, many sockets', effort, async (server) => {
    const names = toNames(Math.ceil(1_000 * effort.scale));
    const clients = await inBatches(names, 50, () => RawClient.connect(server.url));
    const tokens = names.map((_, i) => sign(sampleGrant(`user-${i}`)).token);
    const cpu = await server.cpuOf(() =>
      inBatches(clients, 20, (client, i) => client.open(names[i] ?? '', tokens[i] ?? '')),
    );
    await inBatches(clients, 50, (client) => client.leave());
    await untilUnloaded(server);
    return cpu / names.length;
  });

async function compare(what: string, effort: Effort, run: (server: ServerProcess) => Promise<number>) {
  const costs = await compareServers({ what, program: 'hocuspocus-server.ts', kinds: KINDS, run }, effort);
  const line = (beside: string, limit?: number, ours = 'hocuspass') =>
    toComparison({
      what: `${what}${ours.replace('hocuspass', '')}, server CPU`,
      ...{ ours: costs[ours] ?? [], beside, theirs: costs[beside] ?? [], unit: microseconds, limit },
    });
  return [line(BARE, 1.05), line('hand-written hook', 1.05), line(FLOOR), line(BARE, undefined, SILENT)];
}

function toNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `team/minutes-${i}`);
}

async function untilUnloaded(server: ServerProcess): Promise<void> {
  while (Number(await server.ask('documents')) > 0) await pause(20);
}
