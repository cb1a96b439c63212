import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { openDocument } from './support/open-document.ts';
import { signIn } from './support/person.ts';
import { SECRET, startApp } from './support/start-app.ts';

// The library that everybody signs with; reached through the package that depends on it.
const jsonwebtoken = createRequire(import.meta.resolve('hocuspass'))('jsonwebtoken');

test('two people write in one document, and REST tells what both see', async () => {
  const { url, collabUrl } = await startApp();
  const [ada, ben] = [await signIn(url, 'ada'), await signIn(url, 'ben')];
  const [hers, his] = [
    openDocument(collabUrl, 'team/plan', ada.token),
    openDocument(collabUrl, 'team/plan', ben.token),
  ];
  await Promise.all([hers.untilLevel('write'), his.untilLevel('write')]);

  hers.write('From Ada');
  await his.untilText('From Ada');
  his.write('From Ben');
  await hers.untilText('From Ben');
  await Promise.all([hers.untilSaved(), his.untilSaved()]);

  const { content } = await (await ada.withToken('/api/documents/team/plan')).json();
  expect(JSON.stringify(content)).toContain('From Ada');
  expect(JSON.stringify(content)).toContain('From Ben');
});

test.each([
  ['ada', 'team/handbook', 'write'],
  ['ben', 'team/handbook', 'read'],
  ['ben', 'team/plan', 'write'],
  ['cleo', 'team/plan', 'comment'],
  ['dan', 'team/plan', 'read'],
])('%s opens %s at level %s', async (username, name, level) => {
  const { url, collabUrl } = await startApp();
  const person = await signIn(url, username);
  await openDocument(collabUrl, name, person.token).untilLevel(level);
});

test.each([
  ['ben', 'ada/diary'],
  ['dan', 'dan/diary'],
  ['ada', 'team'],
])('%s does not open %s', async (username, name) => {
  const { url, collabUrl } = await startApp();
  const person = await signIn(url, username);
  await openDocument(collabUrl, name, person.token).untilRefused('document-forbidden');
});

test('what a reader writes reaches nobody', async () => {
  const { url, collabUrl } = await startApp();
  const [ada, dan] = [await signIn(url, 'ada'), await signIn(url, 'dan')];
  const [hers, his] = [
    openDocument(collabUrl, 'team/plan', ada.token),
    openDocument(collabUrl, 'team/plan', dan.token),
  ];
  await Promise.all([hers.untilLevel('write'), his.untilLevel('read')]);

  his.write('From Dan');
  hers.write('From Ada');
  await his.untilText('From Ada');
  expect(hers.text()).not.toContain('From Dan');
  const { content } = await (await ada.withToken('/api/documents/team/plan')).json();
  expect(JSON.stringify(content)).not.toContain('From Dan');
});

test('a new document is listed as soon as it is open', async () => {
  const { url, collabUrl } = await startApp();
  const ada = await signIn(url, 'ada');
  const fresh = openDocument(collabUrl, 'ada/new', ada.token);
  await fresh.untilLevel('write');
  const { documents } = await (await ada.withToken('/api/documents')).json();
  expect(documents).toContainEqual({ name: 'ada/new', level: 'write' });
});

test('a token that another program signed with the same secret opens exactly what it names', async () => {
  const { url, collabUrl } = await startApp();
  const payload = { allowedDocumentNames: ['user/doc', 'user/*'] };
  const token: string = jsonwebtoken.sign(payload, SECRET, { expiresIn: '1h' });
  const nobody = await signIn(url);

  for (const name of ['user/doc', 'user/notes', 'user/a/b']) {
    const document = openDocument(collabUrl, name, async () => token);
    await document.untilLevel('write');
    document.write(name);
    await document.untilSaved();
    expect((await nobody.withToken(`/api/documents/${name}`, { token })).status).toBe(200);
  }
  for (const name of ['user', 'users/doc', 'team/plan', 'User/doc']) {
    await openDocument(collabUrl, name, async () => token).untilRefused('document-forbidden');
    expect((await nobody.withToken(`/api/documents/${name}`, { token })).status).toBe(403);
  }
  const { documents } = await (await nobody.withToken('/api/documents', { token })).json();
  expect(documents.map(({ name }: { name: string }) => name)).toEqual(['user/a/b', 'user/doc', 'user/notes']);
});

test('a token signed with another secret opens nothing', async () => {
  const { url } = await startApp();
  const token: string = jsonwebtoken.sign({ allowedDocumentNames: ['*'] }, `${SECRET}x`, { expiresIn: '1h' });
  const response = await (await signIn(url)).withToken('/api/documents', { token });
  expect((await response.json()).reason).toBe('token-invalid');
});

test.each(['/left/collab', '/right/collab'])('%s is the same place', async (path) => {
  const { url, collabUrl } = await startApp();
  const ada = await signIn(url, 'ada');
  await openDocument(collabUrl.replace('/collab', path), 'team/plan', ada.token).untilLevel('write');
});

test('a WebSocket to anywhere else is not answered', async () => {
  const { collabUrl } = await startApp();
  const socket = new WebSocket(collabUrl.replace('/collab', '/elsewhere'));
  const outcome = await new Promise((resolve) => {
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('refused');
  });
  expect(outcome).toBe('refused');
});
