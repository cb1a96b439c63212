import { expect, test } from 'vitest';
import { type EditorPage, openEditorPage, openTab } from '../support/editor-page.ts';
import { keepTyping } from '../support/keep-typing.ts';
import { signIn } from '../support/person.ts';
import { startApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';

async function planOf(
  url: string,
  level: string,
): Promise<{ ada: EditorPage; ben: EditorPage; share(level: string | null): Promise<void> }> {
  const owner = await signIn(url, 'ada');
  const share = async (level: string | null) => {
    const body = { subject: 'ben', level };
    const response = await owner.withToken('/api/documents/team/plan/access', { method: 'PUT', body });
    expect(response.status).toBe(204);
  };
  const [ada, ben] = [await openEditorPage(url, 'ada', 'team/plan'), await openEditorPage(url, 'ben', 'team/plan')];
  await Promise.all([ada.untilLevel('write'), ben.untilLevel(level)]);
  return { ada, ben, share };
}

test('a pass that runs out is renewed unnoticed, while typing', async () => {
  const { url, events } = await startApp({ tokenExpiresIn: 6 });
  const ben = await openEditorPage(url, 'ben', 'team/plan');
  await ben.untilLevel('write');
  await ben.type(' ');
  const stop = keepTyping(ben.page, (number) => ` w${number}.`);
  const renewals = () => events.filter(({ type }) => type === 'renewed').length;
  await until(() => renewals() >= 3, 'the pass was renewed three times', 30);
  const words = await stop();
  await ben.untilState('saved');

  const ada = await openEditorPage(url, 'ada', 'team/plan');
  await ada.untilText(`w${words}.`);
  const text = await ada.text();
  for (let i = 1; i <= words; i++) expect(text).toContain(`w${i}.`);
  expect(events.filter(({ type }) => ['expired', 'denied', 'write-rejected'].includes(type))).toEqual([]);
  expect(Number(await ben.part('ring').getAttribute('data-renewals'))).toBeGreaterThanOrEqual(3);
});

test('rights go down and up again while typing, and nothing is lost', async () => {
  const { url } = await startApp();
  const { ada, ben, share } = await planOf(url, 'write');
  await ben.type(' First.');
  const stop = keepTyping(ben.page, (number) => ` w${number}.`);
  await share('read');
  await ben.untilLevel('read');
  await stop();
  expect(await ben.editor.getAttribute('contenteditable')).toBe('false');
  const kept = await ben.text();

  await share('write');
  await ben.untilLevel('write');
  await ben.type(' Last.');
  await ada.untilText('Last.');
  await ada.untilText('First.');
  for (const [word] of kept.matchAll(/w\d+\./g)) await ada.untilText(word);
});

test('access taken away while typing ends the editor, and says so', async () => {
  const { url } = await startApp();
  const { ada, ben, share } = await planOf(url, 'write');
  await ben.type(' In time.');
  await ada.untilText('In time.');
  const stop = keepTyping(ben.page, (number) => ` w${number}.`);
  await share(null);
  await ben.untilRefused('document-forbidden');
  await stop();
  expect(await ben.part('refusal').textContent()).toContain('Your pass does not open this document');

  const seen = (await ada.text()).match(/w\d+\./g);
  await ada.type(' Alone.');
  await ada.untilState('saved');
  expect((await ada.text()).match(/w\d+\./g)).toEqual(seen);
});

test('signing out in one tab ends the other', async () => {
  const { url, events } = await startApp();
  const ben = await openEditorPage(url, 'ben', 'team/plan');
  await ben.untilLevel('write');
  const second = await openTab(ben, `${url}/left/#/ben/ideas`);
  await second.untilLevel('write');

  await ben.part('me').click();
  await ben.part('sign-out').click();
  await until(() => events.filter(({ type }) => type === 'revoked').length === 2, 'both tabs have ended');
  await second.untilLocked();
});
