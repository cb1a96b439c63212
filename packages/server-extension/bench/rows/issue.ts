import { Agent, request } from 'node:http';
import { compareServers } from '../compare-servers.ts';
import { microseconds, toComparison } from '../line.ts';
import type { Row } from '../row.ts';

const BARE = 'bare Express route with jsonwebtoken.sign';
const OURS = ['hocuspass, rateLimit: false', 'hocuspass, with limits'];
const REQUESTS = 3_000;
const AT_ONCE = 20;

/** Tokens that the endpoint issues, over connections that are kept alive. At least 85 % of the others' rate. */
export const issue: Row = async (effort) => {
  const what = 'issue a token over HTTP';
  const count = Math.ceil((REQUESTS * effort.scale) / AT_ONCE);
  const costs = await compareServers(
    {
      what,
      program: 'express-server.ts',
      kinds: [...OURS, BARE],
      run: async (server) => {
        const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
        const ask = async () => {
          for (let i = 0; i < count; i += 1) await post(server.url, agent);
        };
        const cpu = await server.cpuOf(() => Promise.all(Array.from({ length: AT_ONCE }, ask)));
        agent.destroy();
        return cpu / (count * AT_ONCE);
      },
    },
    effort,
  );
  return OURS.map((kind) =>
    toComparison({
      what: `${what}, ${kind.replace('hocuspass, ', '')}, server CPU`,
      ...{ ours: costs[kind] ?? [], beside: BARE, theirs: costs[BARE] ?? [], unit: microseconds, limit: 1 / 0.85 },
    }),
  );
};

function post(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`${response.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end();
  });
}
