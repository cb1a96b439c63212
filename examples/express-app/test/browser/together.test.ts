import { expect, test } from 'vitest';
import { openEditorPage } from '../support/editor-page.ts';
import { startApp } from '../support/start-app.ts';

test('two people see each other’s text and carets', async () => {
  const { url } = await startApp();
  const [ada, ben] = await Promise.all(['ada', 'ben'].map((name) => openEditorPage(url, name, 'team/plan')));
  if (!ada || !ben) throw new Error('Two pages were opened');
  await Promise.all([ada.untilLevel('write'), ben.untilLevel('write')]);

  await ada.type(' Ada was here.');
  await ben.untilText('Ada was here.');
  await ben.type(' So was Ben.');
  await ada.untilText('So was Ben.');

  await ada.page.locator('.caret[data-user="ben"]').waitFor({ state: 'attached' });
  await ben.page.locator('.caret[data-user="ada"]').waitFor({ state: 'attached' });
  await ada.part('presence').locator('[data-user="ben"]').waitFor();
});

test('a reader cannot type, and sees why', async () => {
  const { url } = await startApp();
  const dan = await openEditorPage(url, 'dan', 'team/handbook');
  await dan.untilLevel('read');
  await dan.editor.locator('h1').waitFor();
  expect(await dan.editor.getAttribute('contenteditable')).toBe('false');
  expect(await dan.part('notice').textContent()).toContain('Your pass does not let you change this document');

  const before = await dan.text();
  await dan.type('Let me in');
  expect(await dan.text()).toBe(before);
});

test.each([
  ['ben', 'ada/diary'],
  ['eve', 'team/plan'],
])('%s, who has no access to %s, sees the refusal and no editor', async (username, documentName) => {
  const { url } = await startApp();
  const person = await openEditorPage(url, username, documentName);
  await person.untilRefused('document-forbidden');
  expect(await person.editor.isVisible()).toBe(false);
  const words = await person.part('refusal').textContent();
  expect(words).toContain('Your pass does not open this document');
  expect(words).toContain(documentName);
  expect(words).toContain('Reason: document-forbidden');
});

test('a reload keeps the text', async () => {
  const { url } = await startApp();
  const ada = await openEditorPage(url, 'ada', 'ada/diary');
  await ada.untilLevel('write');
  await ada.type(' Tuesday.');
  await ada.untilState('saved');
  await ada.page.reload();
  await ada.untilText('Tuesday.');
});

test('a restart of the server is survived without losing a word', async () => {
  const first = await startApp();
  const ada = await openEditorPage(first.url, 'ada', 'ada/diary');
  await ada.untilLevel('write');
  await ada.type(' Before.');
  await ada.untilState('saved');
  await first.close();
  await ada.untilState('offline');
  await ada.type(' Meanwhile.');

  const { port } = new URL(first.url);
  const second = await startApp({ dataDir: first.dataDir, port: Number(port) });
  await ada.untilState('saved');
  await ada.type(' After.');
  const other = await openEditorPage(second.url, 'ada', 'ada/diary');
  for (const word of ['Before.', 'Meanwhile.', 'After.']) await other.untilText(word);
});
