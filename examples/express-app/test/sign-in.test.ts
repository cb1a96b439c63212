import { expect, test } from 'vitest';
import { DEMO_ACCOUNTS } from '../src/accounts.ts';
import { signIn } from './support/person.ts';
import { startApp, temporaryFolder } from './support/start-app.ts';

test('a known name signs in with a cookie that scripts cannot read', async () => {
  const { url } = await startApp();
  const person = await signIn(url);
  const response = await person.fetch('/auth/login', { method: 'POST', body: { username: 'ada' } });

  expect(response.status).toBe(204);
  expect(response.headers.get('set-cookie')).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax/);
  const me = await person.fetch('/auth/me');
  expect(await me.json()).toEqual({ username: 'ada', name: 'Ada', owns: ['ada', 'team'] });
  expect(me.headers.get('cache-control')).toBe('no-store');
});

test.each([{ username: 'mallory' }, { username: '' }, { username: 7 }, {}, undefined])(
  '%o signs nobody in',
  async (body) => {
    const { url } = await startApp();
    const person = await signIn(url);
    const response = await person.fetch('/auth/login', { method: 'POST', body });

    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect((await person.fetch('/auth/me')).status).toBe(401);
  },
);

test('a body that is not JSON is 400', async () => {
  const { url } = await startApp();
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
});

test('signing out ends the session, also for whoever kept the cookie', async () => {
  const { url } = await startApp();
  const person = await signIn(url);
  const login = await person.fetch('/auth/login', { method: 'POST', body: { username: 'ada' } });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';

  expect((await person.fetch('/auth/logout', { method: 'POST' })).status).toBe(204);
  expect((await fetch(`${url}/auth/me`, { headers: { cookie } })).status).toBe(401);
  expect((await fetch(`${url}/collab/token`, { method: 'POST', headers: { cookie } })).status).toBe(401);
});

test('signing out without a session is no mistake', async () => {
  const { url } = await startApp();
  const nobody = await signIn(url);
  expect((await nobody.fetch('/auth/logout', { method: 'POST' })).status).toBe(204);
});

test('signing out leaves other sessions alone, and signing out everywhere ends them all', async () => {
  const { url } = await startApp();
  const [laptop, phone, ben] = [await signIn(url, 'ada'), await signIn(url, 'ada'), await signIn(url, 'ben')];
  const status = async (person: typeof ben) => (await person.fetch('/auth/me')).status;

  await (await signIn(url, 'ada')).fetch('/auth/logout', { method: 'POST' });
  expect([await status(laptop), await status(phone), await status(ben)]).toEqual([200, 200, 200]);

  await laptop.fetch('/auth/logout', { method: 'POST', body: { everywhere: true } });
  expect([await status(laptop), await status(phone), await status(ben)]).toEqual([401, 401, 200]);
});

test('a sign-in as somebody else withdraws the tokens of the one before', async () => {
  const { url } = await startApp();
  const person = await signIn(url, 'ada');
  const token = await person.token();
  await person.fetch('/auth/login', { method: 'POST', body: { username: 'ben' } });

  const response = await person.withToken('/api/documents', { token });
  expect(response.status).toBe(401);
  expect((await response.json()).reason).toBe('token-revoked');
});

test('two people are signed in below /left and /right, and neither at the root', async () => {
  const { url } = await startApp();
  const login = async (path: string, username: string) => {
    const response = await (await signIn(url)).fetch(`${path}/auth/login`, { method: 'POST', body: { username } });
    return response.headers.get('set-cookie') ?? '';
  };
  const [left, right] = [await login('/left', 'ada'), await login('/right', 'ben')];
  expect(left).toContain('Path=/left;');
  expect(right).toContain('Path=/right;');

  const cookie = `${left.split(';')[0]}; ${right.split(';')[0]}`;
  const me = async (path: string) => (await fetch(`${url}${path}/auth/me`, { headers: { cookie } })).json();
  expect(await me('/left')).toMatchObject({ username: 'ada' });
  expect(await me('/right')).toMatchObject({ username: 'ben' });
  expect(await me('')).toMatchObject({ status: 401 });
});

test('a restart signs nobody out and keeps tokens good', async () => {
  const dataDir = await temporaryFolder();
  const first = await startApp({ dataDir, secret: undefined });
  const login = await fetch(`${first.url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"username":"ada"}',
  });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { token } = await (await fetch(`${first.url}/collab/token`, { method: 'POST', headers: { cookie } })).json();
  await first.close();

  const { url } = await startApp({ dataDir, secret: undefined });
  expect((await fetch(`${url}/auth/me`, { headers: { cookie } })).status).toBe(200);
  const list = await fetch(`${url}/api/documents`, { headers: { authorization: `Bearer ${token}` } });
  expect(list.status).toBe(200);
});

test('a restart does not forget who signed out', async () => {
  const dataDir = await temporaryFolder();
  const first = await startApp({ dataDir });
  const ada = await signIn(first.url, 'ada');
  const token = await ada.token();
  await ada.fetch('/auth/logout', { method: 'POST' });
  await first.close();

  const { url } = await startApp({ dataDir });
  const response = await (await signIn(url)).withToken('/api/documents', { token });
  expect((await response.json()).reason).toBe('token-revoked');
});

test('the sign-in page can list the accounts', async () => {
  const { url } = await startApp();
  const accounts = await (await fetch(`${url}/auth/accounts`)).json();
  expect(accounts).toEqual(DEMO_ACCOUNTS.map(({ username, name, description }) => ({ username, name, description })));
});
