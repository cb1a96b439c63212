import { createSigner } from '../../src/index.ts';
import { benchSecret } from '../bench-secret.ts';
import { inBatches } from '../in-batches.ts';
import { bytes, toFigure } from '../line.ts';
import { progress } from '../progress.ts';
import { RawClient } from '../raw-client.ts';
import type { Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';
import { ServerProcess } from '../server-process.ts';

const SOCKETS = 100;
const sign = createSigner({ secret: benchSecret, expiresIn: '1h' });

/** What an open connection adds to the heap of a server that keeps many of them. One token for each socket. */
export const memory: Row = async (effort) => {
  const documents = Math.ceil(500 * effort.scale);
  const states: number[] = [];
  for (let repetition = 0; repetition < 3; repetition += 1) {
    const ours = await heapOf('hocuspass', documents);
    states.push(ours - (await heapOf('without auth', documents)));
  }
  const count = (documents * SOCKETS).toLocaleString('en');
  return [toFigure(`heap of each of ${count} open connections, beside those without auth`, states, bytes, 1_024)];
};

async function heapOf(kind: string, documents: number): Promise<number> {
  const server = await ServerProcess.start('hocuspocus-server.ts', kind);
  const names = Array.from({ length: documents }, (_, i) => `team/minutes-${i}`);
  const tokens = Array.from({ length: SOCKETS }, (_, i) => sign(sampleGrant(`user-${i}`)).token);
  const clients = await inBatches(tokens, 50, () => RawClient.connect(server.url));
  // All documents exist, and all tokens are remembered.
  await inBatches(clients, 10, (client, i) => client.open(names[i % names.length] ?? '', tokens[i] ?? ''));
  await inBatches(names, 10, async (name, i) => {
    if (i >= SOCKETS) await clients[0]?.open(name, tokens[0] ?? '');
  });
  const before = Number(await server.ask('heap'));
  let opened = 0;
  for (const [i, client] of clients.entries()) {
    const missing = names.filter((_, position) => !(position === i % names.length || (i === 0 && position >= SOCKETS)));
    await inBatches(missing, 50, (name) => client.open(name, tokens[i] ?? ''));
    opened += missing.length;
    if (i % 25 === 0) progress(`memory: ${kind}, socket ${i} of ${SOCKETS}`);
  }
  const after = Number(await server.ask('heap'));
  await server.stop();
  return (after - before) / opened;
}
