import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createVerifier } from '../../src/index.ts';
import { goodClaims, rawPart, rawSecret, rawToken, signRaw } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

const verify = createVerifier({ secret: rawSecret });

/** Milliseconds that a refusal takes: the least of some, because other things run on this machine. */
async function costOf(token: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round += 1) {
    const start = performance.now();
    expect(await refusalOf(verify(token))).toBe('token-invalid');
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

// Anybody may send anything, as often as they like: what is refused must cost next to nothing. Without a bound, JSON is
// parsed before the signature is checked, and 27 MB took 1.3 s.
test.for([
  ['27 MB', rawToken({ ...goodClaims(), pad: 'x'.repeat(20_000_000) })],
  ['a million dots', '.'.repeat(1_000_000)],
  ['a million dots after a token', rawToken(goodClaims()) + '.'.repeat(1_000_000)],
  ['JSON five million deep', rawToken(`${'['.repeat(5_000_000)}${']'.repeat(5_000_000)}`)],
  ['a header five million deep', rawToken(goodClaims(), `{"alg":"HS256","x":${'['.repeat(5_000_000)}`)],
  ['27 million characters that are no token', 'é'.repeat(27_000_000)],
] as const)('%s is refused in a fraction of a millisecond', async ([, token]) => {
  expect(await costOf(token)).toBeLessThan(0.5);
});

test.for([
  ['dots', '.'.repeat(16_384)],
  ['one part', 'A'.repeat(16_384)],
  ['three parts, unsigned', `${rawPart({ alg: 'HS256' })}.${'A'.repeat(16_000)}.AAAA`],
  ['deep JSON, signed', rawToken(`{"x":${'['.repeat(6_000)}${']'.repeat(6_000)}}`)],
  ['a deep header', signRaw(`${rawPart(`{"alg":"HS256","x":${'['.repeat(6_000)}`)}.AAAA`)],
  [
    'many names',
    rawToken({ ...goodClaims(), allowedDocumentNames: Array.from({ length: 3_000 }, () => 'a').concat('a*b') }),
  ],
] as const)('so are the largest that are looked at: %s', async ([, token]) => {
  expect(token.length).toBeLessThanOrEqual(16_384);
  expect(await costOf(token)).toBeLessThan(2);
});

test('tokens with ever new headers do not fill the memory', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: unknown = runInNewContext('gc');
  const used = () => {
    if (typeof collectGarbage === 'function') collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  for (let round = 0; round < 1_000; round += 1) {
    const kid = `${round}`.padEnd(128, 'x');
    await refusalOf(verify(`${rawPart({ alg: 'HS256', kid, pad: 'x'.repeat(8_000) })}.AAAA.AAAA`));
  }
  // All of them together would be eleven.
  expect(used() - before).toBeLessThan(4_000_000);
});
