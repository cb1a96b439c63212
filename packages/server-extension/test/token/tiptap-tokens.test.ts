import jsonwebtoken from 'jsonwebtoken';
import { describe, expect, test } from 'vitest';
import { createVerifier } from '../../src/index.ts';
import { p256 } from '../support/key-pairs.ts';
import { rawSecret } from '../support/raw-token.ts';
import { refusalOf } from '../support/refusal-of.ts';

// https://tiptap.dev/docs/authentication/legacy
describe('tokens as the documentation of Tiptap Cloud has them signed with a secret', () => {
  const verify = createVerifier({ secret: rawSecret });
  const cloud = createVerifier({ secret: rawSecret, unscoped: 'write', requireExpiry: false });
  const sign = (data: object, options: jsonwebtoken.SignOptions = { expiresIn: '1h' }) =>
    jsonwebtoken.sign(data, rawSecret, options);

  test('certain documents', async () => {
    const data = {
      sub: 'your_local_user_identifier',
      allowedDocumentNames: ['user-specific-document-1', 'user-specific-document-2'],
    };
    const { access, subject } = await verify(sign(data));
    expect(subject).toBe('your_local_user_identifier');
    expect(
      access.filter(['user-specific-document-1', 'user-specific-document-2', 'user-specific-document-3'], 'write'),
    ).toHaveLength(2);
  });

  test('all of them, where a token names none', async () => {
    const token = sign({ sub: 'your_local_user_identifier' }, {});
    expect((await cloud(token)).access.levelFor('anything')).toBe('write');
    expect(await refusalOf(verify(token))).toBe('token-invalid');
    expect((await verify(sign({ sub: 'your_local_user_identifier' }))).access.levelFor('anything')).toBeUndefined();
  });

  test('none at all', async () => {
    expect((await cloud(sign({ sub: 'u', allowedDocumentNames: [] }))).access.levelFor('anything')).toBeUndefined();
  });

  test('read only, and comments', async () => {
    const data = {
      allowedDocumentNames: ['own-1'],
      readonlyDocumentNames: ['annual-report-2024', 'policy-document-v3'],
      commentDocumentNames: ['policy-document-v3'],
    };
    const { access } = await verify(sign(data));
    expect(access.levelFor('own-1')).toBe('write');
    expect(access.levelFor('annual-report-2024')).toBe('read');
    expect(access.levelFor('policy-document-v3')).toBe('comment');
  });

  test('the two names of the tutorial', async () => {
    const user = '1500c624-8f9f-496a-b196-5e5dd8ec3c25';
    const data = { allowedDocumentNames: [`${user}/7865975c-38d0-4bb5-846b-df909cdc66d3`, `${user}/*`] };
    const { access } = await verify(sign(data));
    expect(access.filter([`${user}/7865975c-38d0-4bb5-846b-df909cdc66d3`, `${user}/x`, user, 'other/x'])).toHaveLength(
      2,
    );
  });
});

// https://tiptap.dev/docs/authentication, https://tiptap.dev/docs/collaboration/getting-started/authenticate
describe('tokens of the 2026 model, signed with a private key', () => {
  const verify = createVerifier({
    keys: [{ publicKey: p256.publicKey, alg: 'ES256' }],
    issuer: 'env_abc123',
    audience: 'Documents',
  });
  const accessOf = async (permissions: object[], aud: string | string[] = 'Documents') => {
    const data = { iss: 'env_abc123', aud, permissions, exp: Math.floor(Date.now() / 1_000) + 600 };
    const token = jsonwebtoken.sign(data, p256.privateKey, { algorithm: 'ES256', noTimestamp: true, keyid: 'key_1' });
    return (await verify(token)).access;
  };

  test('full access to every document', async () => {
    expect((await accessOf([{ action: 'Documents:Write', resource: '*' }])).levelFor('anything')).toBe('write');
  });

  test('certain documents, read only, and comments', async () => {
    const access = await accessOf([
      { action: 'Documents:Write', resource: 'user-specific-document-1' },
      { action: 'Documents:Read', resource: 'annual-report-2024' },
      { action: 'Documents:Read', resource: 'policy-document-v3' },
      { action: 'Documents:Comment', resource: 'policy-document-v3' },
    ]);
    expect(access.levelFor('user-specific-document-1')).toBe('write');
    expect(access.levelFor('annual-report-2024')).toBe('read');
    expect(access.levelFor('policy-document-v3')).toBe('comment');
    expect(access.levelFor('another')).toBeUndefined();
  });

  test('beside other services', async () => {
    const permissions = [
      { action: 'AI:Toolkit', resource: '*' },
      { action: 'Documents:Write', resource: '*', constraints: { prefix: 'project-alpha/' } },
    ];
    const access = await accessOf(permissions, ['AI', 'Documents']);
    expect(access.levelFor('project-alpha/plan')).toBe('write');
    expect(access.levelFor('project-beta/plan')).toBeUndefined();
  });

  test('a token for another service is not for documents', async () => {
    const permissions = [{ action: 'AI:Toolkit', resource: '*' }];
    expect(await refusalOf(accessOf(permissions, ['AI']))).toBe('token-invalid');
  });
});
