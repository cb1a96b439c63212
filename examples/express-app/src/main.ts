import type { AuthEvent } from 'hocuspass/hocuspocus';
import { createApp } from './app.ts';
import { readSettings } from './settings.ts';

const settings = readSettings(process.env);
const { server, close } = createApp({ ...settings, onEvent: log });

server.once('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error;
  console.error(`Port ${settings.port} is taken. Choose another: PORT=${settings.port + 1} npm start`);
  process.exit(1);
});

server.listen(settings.port, settings.host, () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  console.log(`The editor is at http://${settings.host === '127.0.0.1' ? 'localhost' : settings.host}:${port}`);
});

const LONGEST_CLOSE_MS = 10_000;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    // A disk that is full must not keep the process for ever.
    setTimeout(() => process.exit(1), LONGEST_CLOSE_MS).unref();
    await close();
    process.exit(0);
  });
}

/** The audit trail: one line for each event. */
function log({ at, type, ...details }: AuthEvent): void {
  console.log(at.toISOString(), type, JSON.stringify(details));
}
