import jsonwebtoken from 'jsonwebtoken';
import { expect, test } from 'vitest';
import { createSigner, createVerifier } from '../../src/index.ts';
import { bestTimes } from '../support/best-times.ts';

// Ratios with room for noise: `npm run bench` says how far they really are.

const secret = 'a secret that only the tests know 0123456789';
const sign = createSigner({ secret });
const documents = { 'team/*': 'write', 'handbook/*': 'read' } as const;
const tokens = Array.from({ length: 400 }, (_, i) => sign({ subject: `user-${i}`, documents }).token);

let asked = 0;

/** A new string each time, as one that comes over a wire is: the engine keeps the hash of one that it has seen. */
function nextToken(): string {
  asked += 1;
  return Buffer.from(tokens[asked % tokens.length] ?? '').toString();
}

test('a new token is verified in half the time that jsonwebtoken takes with the secret as text', async () => {
  const times = await bestTimes(
    {
      ours: createVerifier({ secret, cacheSize: 10 }),
      handWritten: (token) => jsonwebtoken.verify(token, secret),
    },
    nextToken,
  );
  expect(times.ours).toBeLessThan(0.5 * (times.handWritten ?? 0));
});

test('a token that was seen before is verified in a tenth of the time', async () => {
  const times = await bestTimes(
    { ours: createVerifier({ secret }), handWritten: (token) => jsonwebtoken.verify(token, secret) },
    nextToken,
  );
  expect(times.ours).toBeLessThan(0.1 * (times.handWritten ?? 0));
});
