import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { Doc } from 'yjs';
import { createSigner } from '../../src/index.ts';
import { benchSecret } from '../bench-secret.ts';
import { compareServers } from '../compare-servers.ts';
import { awarenessFrame, FrameType, updateFrame } from '../frames.ts';
import { inBatches } from '../in-batches.ts';
import { microseconds, toComparison } from '../line.ts';
import { RawClient } from '../raw-client.ts';
import type { Effort, Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';

const KINDS = ['hocuspass', 'without auth', 'expiry check for each message', 'verify for each message'];
const CONNECTIONS = 20;
const MESSAGES = 400;
const sign = createSigner({ secret: benchSecret, expiresIn: '1h' });

/** Letters typed into documents, each sent when the one before was acknowledged. */
export const edits: Row = (effort) => compare('an edit', FrameType.SyncStatus, typeLetters, effort);

/** Carets that move, each sent when the one before came back. */
export const awareness: Row = (effort) => compare('an awareness update', FrameType.Awareness, moveCaret, effort);

type Write = (documentName: string, count: number) => Uint8Array[];

async function compare(what: string, answer: number, write: Write, effort: Effort) {
  let runs = 0;
  const costs = await compareServers(
    {
      what,
      program: 'hocuspocus-server.ts',
      kinds: KINDS,
      run: async (server) => {
        runs += 1;
        const names = Array.from({ length: CONNECTIONS }, (_, i) => `team/run-${runs}-${i}`);
        const loads = names.map((name) => write(name, Math.ceil(MESSAGES * effort.scale)));
        const { token } = sign(sampleGrant('ada'));
        const clients = await inBatches(names, 20, () => RawClient.connect(server.url));
        await inBatches(clients, 20, (client, i) => client.open(names[i] ?? '', token));
        const cpu = await server.cpuOf(() =>
          Promise.all(clients.map((client, i) => exchange(client, names[i] ?? '', loads[i] ?? [], answer))),
        );
        await inBatches(clients, 20, (client) => client.leave());
        return cpu / loads.flat().length;
      },
    },
    effort,
  );
  const line = (beside: string, limit?: number) =>
    toComparison({
      what: `${what}, server CPU`,
      ...{ ours: costs.hocuspass ?? [], beside, theirs: costs[beside] ?? [], unit: microseconds, limit },
    });
  return [line('without auth', 1.05), line('expiry check for each message'), line('verify for each message')];
}

/** Sends each when the one before was answered. */
function exchange(client: RawClient, name: string, frames: readonly Uint8Array[], answer: number): Promise<void> {
  return new Promise((resolve) => {
    let sent = 0;
    const next = () => {
      const frame = frames[sent];
      sent += 1;
      if (frame === undefined) resolve();
      else client.send(frame);
    };
    client.listen(name, ({ type }) => {
      if (type === answer) next();
    });
    next();
  });
}

function typeLetters(name: string, count: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const document = new Doc();
  const text = document.getText('body');
  document.on('update', (update) => frames.push(updateFrame(name, update)));
  for (let i = 0; i < count; i += 1) text.insert(text.length, 'abcdefghij'.charAt(i % 10));
  return frames;
}

function moveCaret(name: string, count: number): Uint8Array[] {
  const document = new Doc();
  const states = new Awareness(document);
  const frames = Array.from({ length: count }, (_, i) => {
    states.setLocalState({ user: { name: 'Ada Lovelace', color: '#30bced' }, cursor: { anchor: i, head: i + 1 } });
    return awarenessFrame(name, encodeAwarenessUpdate(states, [document.clientID]));
  });
  states.destroy();
  return frames;
}
