import { expect, test } from 'vitest';
import { createVerifier } from '../../src/index.ts';
import { goodClaims, rawPart, rawSecret, rawToken } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

test('10,000 verified tokens are remembered by default, those that were used last', async () => {
  const verify = createVerifier({ secret: rawSecret });
  const claims = goodClaims();
  const tokens = Array.from({ length: 10_001 }, (_, i) => rawToken({ ...claims, jti: `${i}` }));
  const remembered = [];
  for (const token of tokens.slice(0, 10_000)) remembered.push(await verify(token));
  expect(await verify(tokens[0] ?? '')).toBe(remembered[0]);
  await verify(tokens[10_000] ?? '');
  expect(await verify(tokens[0] ?? '')).toBe(remembered[0]);
  expect(await verify(tokens[2] ?? '')).toBe(remembered[2]);
  expect(await verify(tokens[1] ?? '')).not.toBe(remembered[1]);
});

// Tokens are remembered under the end of their signature, which an attacker may take from a good one.
test('another payload under a remembered signature is refused, and does not push the token out', async () => {
  const verify = createVerifier({ secret: rawSecret, cacheSize: 1 });
  const token = rawToken(goodClaims());
  const remembered = await verify(token);
  const [header = '', , signature = ''] = token.split('.');
  const forged = `${header}.${rawPart({ ...goodClaims(), sub: 'mallory' })}.${signature}`;
  expect(await refusalOf(verify(forged))).toBe('token-invalid');
  expect(await refusalOf(verify(signature))).toBe('token-invalid');
  expect(await verify(token)).toBe(remembered);
});
