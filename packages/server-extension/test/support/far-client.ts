import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Snapshot } from '../../src/client.ts';

/** What the process tells of itself; `secondsLeft` by its own clock. */
type FarSnapshot = Snapshot & { secondsLeft: number | null };

/** A provider that is kept authenticated in a process of its own. */
export interface FarClient {
  snapshots: FarSnapshot[];
  type(text: string): void;
  /** Closes the lid: nothing runs, the socket stays. */
  sleep(): void;
  wake(): void;
}

export function startFarClient(
  server: { url: string },
  name: string,
  endpoint: { url: string },
  options: { clockOffsetMs?: number } = {},
): FarClient {
  const script = join(import.meta.dirname, 'far-client-process.ts');
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      script,
      server.url,
      name,
      endpoint.url,
      String(options.clockOffsetMs ?? 0),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const snapshots: FarSnapshot[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => snapshots.push(JSON.parse(line)));
  return {
    snapshots,
    type: (text) => child.stdin.write(`${text}\n`),
    sleep: () => child.kill('SIGSTOP'),
    wake: () => child.kill('SIGCONT'),
  };
}
