import { randomBytes } from 'node:crypto';
import { createVerifier as createFastVerifier } from 'fast-jwt';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { createSigner, createVerifier } from '../../src/index.ts';
import { createFloor } from '../floor.ts';
import { nanoseconds, toComparison } from '../line.ts';
import { measureFunctions } from '../measure-functions.ts';
import type { Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';
import { createTokenPools } from '../token-pools.ts';

const secret = randomBytes(32).toString('base64url');
const key = { secret, issuer: 'https://app.example', audience: 'collab' };

/** More than any cache here holds, in turn: each is new whenever it comes. */
const NEW_TOKENS = 20_000;
const SEEN_TOKENS = 500;

/** HS256, tokens that were never seen. */
export const verifyNew: Row = async (effort) => {
  const times = await measureFunctions(
    {
      inputs: createTokenPools(signMany(NEW_TOKENS)),
      batch: 16,
      contenders: {
        hocuspass: createVerifier(key),
        handWritten: (token) => jsonwebtoken.verify(token, secret),
        jose: createJoseVerify(),
        fastJwt: createFastVerifier({ key: secret, cache: false }),
        floor: createFloor(secret),
      },
    },
    effort,
  );
  const line = (beside: string, theirs: number[] = [], limit?: number) =>
    toComparison({
      what: 'verify HS256, new token',
      ours: times.hocuspass ?? [],
      beside,
      theirs,
      unit: nanoseconds,
      limit,
    });
  return [
    line("jsonwebtoken.verify(token, 'string')", times.handWritten, 1 / 3),
    line('jose', times.jose, 1 / 8),
    line('fast-jwt', times.fastJwt),
    line('floor: HMAC + JSON.parse', times.floor, 3),
  ];
};

/** HS256, tokens that are remembered. */
export const verifySeen: Row = async (effort) => {
  const times = await measureFunctions(
    {
      inputs: createTokenPools(signMany(SEEN_TOKENS)),
      batch: 16,
      contenders: {
        hocuspass: createVerifier(key),
        handWritten: (token) => jsonwebtoken.verify(token, secret),
        jose: createJoseVerify(),
        fastJwt: createFastVerifier({ key: secret, cache: true }),
      },
    },
    effort,
  );
  const line = (beside: string, theirs: number[] = [], limit?: number) =>
    toComparison({
      what: 'verify HS256, token seen before',
      ...{ ours: times.hocuspass ?? [], beside, theirs, unit: nanoseconds, limit },
    });
  return [
    line('fast-jwt with cache', times.fastJwt, 1 / 2),
    line("jsonwebtoken.verify(token, 'string')", times.handWritten),
    line('jose', times.jose),
  ];
};

function signMany(count: number): string[] {
  const sign = createSigner({ ...key, expiresIn: '1h' });
  return Array.from({ length: count }, (_, i) => sign(sampleGrant(`user-${i}`)).token);
}

function createJoseVerify(): (token: string) => Promise<unknown> {
  const bytes = new TextEncoder().encode(secret);
  return (token) => jwtVerify(token, bytes);
}
