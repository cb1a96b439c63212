import { decodeJwt, jwtVerify, SignJWT } from 'jose';
import jsonwebtoken from 'jsonwebtoken';
import { describe, expect, test } from 'vitest';
import { createSigner, createVerifier } from '../../src/index.ts';
import { pairs } from '../support/key-pairs.ts';
import { rawSecret } from '../support/raw-token.ts';

const origin = { issuer: 'https://app.example', audience: 'collab' };
const secret = Buffer.from(rawSecret);

const cases = [
  { alg: 'HS256' as const, key: { secret: rawSecret }, signWith: secret, verifyWith: secret },
  ...pairs.map(({ alg, pair }) => ({
    alg,
    key: { privateKey: pair.privateKey, alg },
    signWith: pair.privateKey,
    verifyWith: pair.publicKey,
  })),
];

describe.for(cases)('$alg', ({ alg, key, signWith, verifyWith }) => {
  const verify = createVerifier({ keys: [key], ...origin });
  const { token } = createSigner({ keys: [key], ...origin })({
    subject: 'ada',
    documents: { 'a/*': 'write', 'é/📄': 'read' },
  });

  test('jose verifies what we sign', async () => {
    const { payload, protectedHeader } = await jwtVerify(token, verifyWith, { ...origin, algorithms: [alg] });
    expect(payload).toMatchObject({ sub: 'ada', allowedDocumentNames: ['a/*'], readonlyDocumentNames: ['é/📄'] });
    expect(protectedHeader).toEqual({ alg, typ: 'JWT' });
  });

  test('jsonwebtoken verifies what we sign', () => {
    expect(jsonwebtoken.verify(token, verifyWith, { ...origin, algorithms: [alg] })).toMatchObject({ sub: 'ada' });
  });

  test('we verify what jose signs', async () => {
    const theirs = await new SignJWT({ allowedDocumentNames: ['b'] })
      .setProtectedHeader({ alg })
      .setSubject('ben')
      .setIssuer(origin.issuer)
      .setAudience(['other', origin.audience])
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(signWith);
    expect((await verify(theirs)).access.levelFor('b')).toBe('write');
    expect((await verify(theirs)).payload).toEqual(decodeJwt(theirs));
  });

  test('we verify what jsonwebtoken signs', async () => {
    const theirs = jsonwebtoken.sign({ documents: { b: 'comment' } }, signWith, {
      ...origin,
      algorithm: alg,
      subject: 'ben',
      expiresIn: '10m',
      jwtid: 't1',
      keyid: 'k1',
    });
    const claims = await verify(theirs);
    expect(claims).toMatchObject({ subject: 'ben', tokenId: 't1' });
    expect(claims.access.levelFor('b')).toBe('comment');
  });
});
