/** A browser far away: a process of its own, with a clock of its own. Told by lines on its input what to type. */
import { createInterface } from 'node:readline';

const [url = '', name = '', tokenUrl = '', offset = '0'] = process.argv.slice(2);
const now = Date.now;
Date.now = () => now() + Number(offset);

// Loaded when the clock is off already.
const { HocuspocusProvider } = await import('@hocuspocus/provider');
const { createTokenSource, keepAuthenticated } = await import('../../src/client.ts');

const tokens = createTokenSource(tokenUrl);
const provider = new HocuspocusProvider({ url, name, token: tokens });
const auth = keepAuthenticated(provider, tokens);
auth.subscribe(() => {
  const snapshot = auth.getSnapshot();
  console.log(JSON.stringify({ ...snapshot, secondsLeft: (Number(snapshot.expiresAt) - Date.now()) / 1_000 }));
});

for await (const text of createInterface({ input: process.stdin })) {
  const body = provider.document.getText('body');
  body.insert(body.length, text);
}
