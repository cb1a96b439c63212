import { createPublicKey, createSecretKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createVerifier } from '../../src/index.ts';
import { parseToken } from '../../src/token/parse-token.ts';
import { readPayload } from '../../src/token/read-payload.ts';
import { refusalOf } from '../support/refusal-of.ts';

describe('the examples of RFC 7515', () => {
  const payload = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
  const examples = [
    {
      section: 'A.1, HMAC SHA-256',
      keys: [
        {
          secret: Buffer.from(
            'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
            'base64url',
          ),
        },
      ],
      token: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
    },
    {
      section: 'A.2, RSASSA-PKCS1-v1_5 SHA-256',
      keys: [
        {
          alg: 'RS256',
          publicKey: {
            kty: 'RSA',
            n: 'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
            e: 'AQAB',
          },
        },
      ],
      token: `eyJhbGciOiJSUzI1NiJ9.${payload}.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw`,
    },
    {
      section: 'A.3, ECDSA P-256 SHA-256',
      keys: [
        {
          alg: 'ES256',
          publicKey: {
            kty: 'EC',
            crv: 'P-256',
            x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
            y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
          },
        },
      ],
      token: `eyJhbGciOiJFUzI1NiJ9.${payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`,
    },
  ] as const;

  beforeEach(() => {
    vi.useFakeTimers({ now: 1_300_819_320_000, toFake: ['Date'] });
  });

  afterEach(() => vi.useRealTimers());

  test.for(examples)('$section', async ({ keys, token }) => {
    const verify = createVerifier({ keys, issuer: 'joe' });
    const claims = await verify(token);
    expect(claims.expiresAt).toEqual(new Date('2011-03-22T18:43:00Z'));
    expect(claims.payload).toEqual({ iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true });
    expect(claims.access.levelFor('anything')).toBeUndefined();
    vi.setSystemTime('2011-03-22T18:43:05Z');
    expect(await refusalOf(verify(token))).toBe('token-expired');
  });

  test('A.5, unsecured, is refused', async () => {
    const verify = createVerifier({ keys: examples[0].keys });
    expect(await refusalOf(verify(`eyJhbGciOiJub25lIn0.${payload}.`))).toBe('token-invalid');
  });
});

// Their payload is a sentence and no claims, so that only the signature is looked at.
describe('the examples of RFC 7520', () => {
  const payload =
    'SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4';
  const sentence = Buffer.from(payload, 'base64url').toString();
  const bilbo = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'RSA',
      n: 'n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw',
      e: 'AQAB',
    },
  });

  test.for([
    {
      section: '4.1, RSA v1.5',
      key: { alg: 'RS256', verifyWith: bilbo },
      token: `eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${payload}.MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg`,
    },
    {
      section: '4.4, HMAC SHA-256',
      key: {
        alg: 'HS256',
        verifyWith: createSecretKey(Buffer.from('hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg', 'base64url')),
      },
      token: `eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9.${payload}.s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0`,
    },
  ] as const)('$section', ({ key, token }) => {
    const prepared = { ...key, notAfter: Number.POSITIVE_INFINITY };
    expect(readPayload(token, parseToken(token), prepared)).toBe(sentence);
    const changed = `${token.slice(0, -2)}AA`;
    expect(() => readPayload(changed, parseToken(changed), prepared)).toThrow(
      expect.objectContaining({ reason: 'token-invalid' }),
    );
  });
});
