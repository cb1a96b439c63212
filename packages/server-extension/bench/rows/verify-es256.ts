import { createSign, createVerify, generateKeyPairSync } from 'node:crypto';
import { createVerifier as createFastVerifier } from 'fast-jwt';
import { importSPKI, jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { createSigner, createVerifier } from '../../src/index.ts';
import { nanoseconds, toComparison } from '../line.ts';
import { measureFunctions } from '../measure-functions.ts';
import type { Row } from '../row.ts';
import { sampleGrant } from '../sample-grant.ts';
import { createTokenPools } from '../token-pools.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const common = { issuer: 'https://app.example', audience: 'collab' };

/** More than the cache is given here. */
const NEW_TOKENS = 6_000;
const CACHE_SIZE = 5_000;
const SEEN_TOKENS = 500;

/** ES256, tokens that were never seen: how much is added to the signature itself. */
export const verifyEs256New: Row = async (effort) => {
  const joseKey = await importSPKI(pem, 'ES256');
  const tokens = signMany(NEW_TOKENS);
  const times = await measureFunctions(
    {
      inputs: createTokenPools(tokens),
      batch: 4,
      contenders: {
        hocuspass: createVerifier({ ...common, keys: [{ publicKey, alg: 'ES256' }], cacheSize: CACHE_SIZE }),
        handWritten: (token) => jsonwebtoken.verify(token, pem),
        jose: (token) => jwtVerify(token, joseKey),
        fastJwt: createFastVerifier({ key: pem, cache: false }),
        floor: createFloor(tokens[0]),
      },
    },
    effort,
  );
  const line = (beside: string, theirs: number[] = [], limit?: number) =>
    toComparison({
      what: 'verify ES256, new token',
      ours: times.hocuspass ?? [],
      beside,
      theirs,
      unit: nanoseconds,
      limit,
    });
  return [
    line('floor: the signature in OpenSSL', times.floor, 1.25),
    line("jsonwebtoken.verify(token, 'PEM')", times.handWritten),
    line('jose', times.jose),
    line('fast-jwt', times.fastJwt),
  ];
};

/** ES256, tokens that are remembered. */
export const verifyEs256Seen: Row = async (effort) => {
  const times = await measureFunctions(
    {
      inputs: createTokenPools(signMany(SEEN_TOKENS)),
      batch: 16,
      contenders: {
        hocuspass: createVerifier({ ...common, keys: [{ publicKey, alg: 'ES256' }] }),
        handWritten: (token) => jsonwebtoken.verify(token, pem),
        fastJwt: createFastVerifier({ key: pem, cache: true }),
      },
    },
    effort,
  );
  const line = (beside: string, theirs: number[] = [], limit?: number) =>
    toComparison({
      what: 'verify ES256, token seen before',
      ...{ ours: times.hocuspass ?? [], beside, theirs, unit: nanoseconds, limit },
    });
  return [
    line('fast-jwt with cache', times.fastJwt, 1 / 2),
    line("jsonwebtoken.verify(token, 'PEM')", times.handWritten),
  ];
};

function signMany(count: number): string[] {
  const sign = createSigner({ ...common, keys: [{ privateKey, alg: 'ES256' }], expiresIn: '1h' });
  return Array.from({ length: count }, (_, i) => sign(sampleGrant(`user-${i}`)).token);
}

/** One signature again and again: to OpenSSL all are the same work. */
function createFloor(token = ''): () => void {
  const signed = token.slice(0, token.lastIndexOf('.'));
  const signature = createSign('sha256').update(signed).sign(privateKey);
  return () => {
    if (!createVerify('sha256').update(signed).verify(publicKey, signature)) throw new Error('The signature is bad');
  };
}
