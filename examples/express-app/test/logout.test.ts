import { expect, test } from 'vitest';
import { openDocument } from './support/open-document.ts';
import { signIn } from './support/person.ts';
import { startApp } from './support/start-app.ts';
import { until } from './support/until.ts';

test('signing out ends the open editors of that session, and of no other', async () => {
  const { url, collabUrl, events } = await startApp();
  const [laptop, phone] = [await signIn(url, 'ada'), await signIn(url, 'ada')];
  const tabs = ['team/plan', 'team/handbook'].map((name) => openDocument(collabUrl, name, laptop.token));
  const other = openDocument(collabUrl, 'team/plan', phone.token);
  await Promise.all([...tabs, other].map((tab) => tab.untilLevel('write')));

  await laptop.fetch('/auth/logout', { method: 'POST' });
  await until(() => events.filter(({ type }) => type === 'revoked').length === 2, 'both tabs have ended');
  await Promise.all(tabs.map((tab) => tab.untilRefused('signed-out')));
  for (const tab of tabs) tab.write('Too late');
  other.write('Still signed in');
  await other.untilSaved();

  const { content } = await (await phone.withToken('/api/documents/team/plan')).json();
  expect(JSON.stringify(content)).toContain('Still signed in');
  expect(JSON.stringify(content)).not.toContain('Too late');
});

test('signing out everywhere ends every session’s editors', async () => {
  const { url, collabUrl, events } = await startApp();
  const [laptop, phone] = [await signIn(url, 'ada'), await signIn(url, 'ada')];
  const tabs = [laptop, phone].map((person) => openDocument(collabUrl, 'team/plan', person.token));
  await Promise.all(tabs.map((tab) => tab.untilLevel('write')));
  await laptop.fetch('/auth/logout', { method: 'POST', body: { everywhere: true } });
  await until(() => events.filter(({ type }) => type === 'revoked').length === 2, 'both tabs have ended');

  const again = await signIn(url, 'ada');
  await openDocument(collabUrl, 'team/plan', again.token).untilLevel('write');
});

test('a pass that is made to expire is renewed unnoticed', async () => {
  const { url, collabUrl, events } = await startApp();
  const ada = await signIn(url, 'ada');
  const open = openDocument(collabUrl, 'team/plan', ada.token);
  await open.untilLevel('write');

  expect((await ada.fetch('/demo/renew', { method: 'POST' })).status).toBe(204);
  await until(() => events.some(({ type }) => type === 'renewed'), 'the connection is renewed');
  open.write('And on it goes');
  await open.untilSaved();
  expect(events.map(({ type }) => type)).toEqual(['allowed', 'renewed']);
  expect((await (await signIn(url)).fetch('/demo/renew', { method: 'POST' })).status).toBe(401);
});
