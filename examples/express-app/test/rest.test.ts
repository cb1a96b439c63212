import { describe, expect, test } from 'vitest';
import { signIn } from './support/person.ts';
import { startApp } from './support/start-app.ts';

const ALL = ['ada/diary', 'ben/ideas', 'team/handbook', 'team/plan'];

test.each([
  ['ada', { 'ada/diary': 'write', 'team/handbook': 'write', 'team/plan': 'write' }],
  ['ben', { 'ben/ideas': 'write', 'team/handbook': 'read', 'team/plan': 'write' }],
  ['cleo', { 'team/handbook': 'comment', 'team/plan': 'comment' }],
  ['dan', { 'team/handbook': 'read', 'team/plan': 'read' }],
])('%s sees the documents that the token may read, each with its level', async (username, expected) => {
  const { url } = await startApp();
  const person = await signIn(url, username);
  const response = await person.withToken('/api/documents');

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    documents: Object.entries(expected).map(([name, level]) => ({ name, level })),
  });
  const statuses = ALL.map(async (name) => [name, (await person.withToken(`/api/documents/${name}`)).status]);
  expect(Object.fromEntries(await Promise.all(statuses))).toEqual(
    Object.fromEntries(ALL.map((name) => [name, name in expected ? 200 : 403])),
  );
});

test('eve, who has nothing, gets no token', async () => {
  const { url } = await startApp();
  const eve = await signIn(url, 'eve');
  const response = await eve.fetch('/collab/token', { method: 'POST' });
  expect(response.status).toBe(403);
  expect((await response.json()).reason).toBe('document-forbidden');
});

test('nobody gets no token', async () => {
  const { url } = await startApp();
  const nobody = await signIn(url);
  const response = await nobody.fetch('/collab/token', { method: 'POST' });
  expect(response.status).toBe(401);
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('a token says when it ends', async () => {
  const { url } = await startApp({ tokenExpiresIn: '30s' });
  const ada = await signIn(url, 'ada');
  const issued = await (await ada.fetch('/collab/token', { method: 'POST' })).json();
  expect(issued.expiresInSeconds).toBeCloseTo(30, 0);
  expect(Date.parse(issued.expiresAt) - Date.now()).toBeLessThanOrEqual(30_000);
});

test('a request for one document narrows the token to it', async () => {
  const { url } = await startApp();
  const ada = await signIn(url, 'ada');
  const token = await ada.token({ documentNames: ['team/plan'] });

  expect(await (await ada.withToken('/api/documents', { token })).json()).toEqual({
    documents: [{ name: 'team/plan', level: 'write' }],
  });
  expect((await ada.withToken('/api/documents/team/handbook', { token })).status).toBe(403);
  const forbidden = await ada.fetch('/collab/token', { method: 'POST', body: { documentNames: ['ben/ideas'] } });
  expect(forbidden.status).toBe(403);
});

test('too many token requests of one person are refused', async () => {
  const { url } = await startApp({ tokenRequestsPerMinute: 2 });
  const ada = await signIn(url, 'ada');
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await ada.fetch('/collab/token', { method: 'POST' })).status);
  expect(statuses).toEqual([200, 200, 429]);
});

describe('one document', () => {
  test('comes with its level and its Tiptap JSON', async () => {
    const { url } = await startApp();
    const dan = await signIn(url, 'dan');
    const { name, level, content } = await (await dan.withToken('/api/documents/team/handbook')).json();
    expect({ name, level }).toEqual({ name: 'team/handbook', level: 'read' });
    expect(content.type).toBe('doc');
    expect(content.content[0]).toMatchObject({ type: 'heading', attrs: { level: 1 } });
  });

  test('is 404 where it could be read and is not there', async () => {
    const { url } = await startApp();
    const ada = await signIn(url, 'ada');
    expect((await ada.withToken('/api/documents/team/nothing')).status).toBe(404);
  });

  test('is 401 without a token, with a bad one, and with a cookie alone', async () => {
    const { url } = await startApp();
    const ada = await signIn(url, 'ada');
    const bare = await ada.fetch('/api/documents/team/plan');
    expect([bare.status, bare.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    const bad = await ada.withToken('/api/documents/team/plan', { token: 'a.b.c' });
    expect([bad.status, (await bad.json()).reason]).toEqual([401, 'token-invalid']);
  });

  test('is named by the rest of the path as it stands', async () => {
    const { url } = await startApp();
    const ada = await signIn(url, 'ada');
    const token = await ada.token();
    const answers = ['/team/plan', '/team%2Fplan', '/team//plan', '/Team/plan', '/team/plan/'].map(async (path) => {
      const response = await ada.withToken(`/api/documents${path}`, { token });
      return [path, response.status];
    });
    expect(Object.fromEntries(await Promise.all(answers))).toEqual({
      '/team/plan': 200,
      '/team%2Fplan': 200,
      '/team//plan': 404,
      '/Team/plan': 403,
      '/team/plan/': 404,
    });
  });
});

describe('the key of the server', () => {
  const apiKey = 'a-key-for-another-server';

  test('lists every document and opens each', async () => {
    const { url } = await startApp({ apiKey });
    const headers = { 'x-api-key': apiKey };
    const { documents } = await (await fetch(`${url}/api/documents`, { headers })).json();
    expect(documents).toEqual(ALL.map((name) => ({ name, level: 'write' })));
    expect((await fetch(`${url}/api/documents/ada/diary`, { headers })).status).toBe(200);
  });

  test.each([
    ['', 401],
    [`${apiKey}x`, 401],
    [apiKey.toUpperCase(), 401],
  ])('%j is refused', async (key, status) => {
    const { url } = await startApp({ apiKey });
    const response = await fetch(`${url}/api/documents`, { headers: { 'x-api-key': key } });
    expect(response.status).toBe(status);
  });

  test('opens nothing where none is set', async () => {
    const { url } = await startApp();
    expect((await fetch(`${url}/api/documents`, { headers: { 'x-api-key': 'undefined' } })).status).toBe(401);
    expect((await fetch(`${url}/api/documents`, { headers: { 'x-api-key': '' } })).status).toBe(401);
  });

  test('does not replace a token where rights are changed', async () => {
    const { url } = await startApp({ apiKey });
    const response = await fetch(`${url}/api/documents/team/plan/access`, { headers: { 'x-api-key': apiKey } });
    expect(response.status).toBe(401);
  });
});

test('the app says that it is well', async () => {
  const { url } = await startApp();
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});
