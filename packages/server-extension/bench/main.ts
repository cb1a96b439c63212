import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Line } from './line.ts';
import { progress } from './progress.ts';
import type { Row } from './row.ts';
import { authenticateManySockets, authenticateOneSocket } from './rows/authenticate.ts';
import { clientSize } from './rows/client-size.ts';
import { awareness, edits } from './rows/edits.ts';
import { issue } from './rows/issue.ts';
import { level } from './rows/level.ts';
import { memory } from './rows/memory.ts';
import { readClaims } from './rows/read-claims.ts';
import { reconnect } from './rows/reconnect.ts';
import { revocationCheck } from './rows/revocation-check.ts';
import { revoke, revokeRedis } from './rows/revoke.ts';
import { verifyNew, verifySeen } from './rows/verify.ts';
import { verifyEs256New, verifyEs256Seen } from './rows/verify-es256.ts';
import { toTable } from './table.ts';

const ROWS: Readonly<Record<string, Row>> = {
  verify: verifyNew,
  'verify-seen': verifySeen,
  'verify-es256': verifyEs256New,
  'verify-es256-seen': verifyEs256Seen,
  level,
  'read-claims': readClaims,
  'revocation-check': revocationCheck,
  'client-size': clientSize,
  authenticate: authenticateOneSocket,
  'authenticate-sockets': authenticateManySockets,
  edits,
  awareness,
  memory,
  revoke,
  'revoke-redis': revokeRedis,
  issue,
  reconnect,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(ROWS, name));
if (unknown.length > 0) {
  console.error(`There is no row "${unknown.join('", "')}". Rows: ${Object.keys(ROWS).join(', ')}`);
  process.exit(1);
}

const effort = values.quick ? { rounds: 6, scale: 0.2 } : { rounds: 21, scale: 1 };
if (values.rounds !== undefined) effort.rounds = Number(values.rounds);

const lines: Line[] = [];
for (const [name, row] of Object.entries(ROWS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  progress(name);
  lines.push(...(await row(effort)));
}
console.log(`Node ${process.version}, ${availableParallelism()} x ${cpus()[0]?.model}, ${effort.rounds} rounds\n`);
console.log(toTable(lines));
// Connections of a load may still be closing.
process.exit(0);
