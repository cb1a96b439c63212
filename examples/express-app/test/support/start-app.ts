import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuthEvent } from 'hocuspass/hocuspocus';
import { onTestFinished } from 'vitest';
import { type AppOptions, createApp } from '../../src/app.ts';

export const SECRET = 'only-for-tests-and-long-enough-for-hs256';

/** A running app on a free port. */
export interface RunningApp {
  url: string;
  collabUrl: string;
  dataDir: string;
  events: AuthEvent[];
  close(): Promise<void>;
}

/** Starts the app with an empty data directory; it ends with the test. */
export async function startApp(options: AppOptions = {}): Promise<RunningApp> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const events: AuthEvent[] = [];
  const app = createApp({
    secret: SECRET,
    tokenRequestsPerMinute: 1000,
    onEvent: (event) => events.push(event),
    ...options,
    dataDir,
  });
  const port = await new Promise<number>((resolve) => {
    app.server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address = app.server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= app.close();
    return closing;
  };
  onTestFinished(close);
  return { url: `http://127.0.0.1:${port}`, collabUrl: `ws://127.0.0.1:${port}/collab`, dataDir, events, close };
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'express-app-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
