import { expect, test } from 'vitest';
import { openSplitPage, type Pane } from '../support/split-page.ts';
import { startApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';

async function become(pane: Pane, username: string, level: string): Promise<void> {
  await pane.part('me').click();
  await pane.part('switch-account').click();
  await pane.part(`account-${username}`).click();
  await pane.untilLevel(level);
  await pane.untilText('Ada and Ben write this page');
}

test('a commenter starts a thread by keyboard, edits, resolves and deletes; everybody sees it', async () => {
  const { url, events } = await startApp();
  const { page, left: ada, right: cleo } = await openSplitPage(url);
  await become(cleo, 'cleo', 'comment');
  expect(await cleo.part('editor').getAttribute('contenteditable')).toBe('false');
  await page.keyboard.type('Never arrives.');

  await cleo.part('editor').focus();
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Alt+ArrowDown');
  await cleo.find('button[aria-label="Comment"]').click();
  await cleo.part('comment-text').fill('A good beginning.');
  await page.keyboard.press('Control+Enter');
  await cleo.part('comment').waitFor();

  const anchor = ada.find('.comment-anchor').first();
  await anchor.waitFor();
  expect(await anchor.textContent()).toContain('Ada and Ben write this page');
  await anchor.click();
  await ada.part('reply-text').fill('Thank you!');
  await ada.part('reply-send').click();
  await until(async () => (await cleo.part('comment').count()) === 2, 'the reply arrived');

  await cleo.part('comment-edit').click();
  await cleo.part('comment-edit-text').fill('A very good beginning.');
  await cleo.part('comment-edit-send').click();
  await ada.find('.comment-text').filter({ hasText: 'A very good beginning.' }).waitFor();

  await cleo.part('thread-resolve').click();
  await until(async () => (await ada.find('.comment-anchor').count()) === 0, 'the highlight is gone');
  await cleo.find('.resolved summary').click();
  await cleo.part('thread-delete').click();
  await until(async () => (await ada.part('thread').count()) === 0, 'the thread is gone');
  expect(await ada.part('editor').textContent()).not.toContain('Never arrives.');
  expect(events.filter(({ type }) => type === 'write-rejected')).toEqual([]);
});

test('a comment stays with its text while others write around it, and a reader sees it', async () => {
  const { url } = await startApp();
  const { left: ada, right: dan } = await openSplitPage(url);
  await ada.find('[data-testid=editor] h2').first().click({ clickCount: 3 });
  await ada.find('button[aria-label="Comment"]').click();
  await ada.part('comment-text').fill('Which Thursday?');
  await ada.part('comment-send').click();
  await ada.typeAfter('Ada and Ben write this page', ' And one more sentence, before the comment.');

  await become(dan, 'dan', 'read');
  await dan.find('.comment-anchor').waitFor();
  expect(await dan.find('.comment-anchor').textContent()).toBe('Before Thursday');
  await dan.find('.comment-anchor').click();
  expect(await dan.find('.comment-text').textContent()).toBe('Which Thursday?');
  expect(await dan.part('reply-text').isVisible()).toBe(false);
});

test('threads changed offline arrive, and so do those after a restart of the server', async () => {
  const first = await startApp();
  const { left: ada, right: cleo } = await openSplitPage(first.url);
  await become(cleo, 'cleo', 'comment');
  await start(cleo, 'Before Thursday', 'Which Thursday?');
  await untilThread(ada, 'Which Thursday?', 'false');

  await cleo.part('tab-pass').click();
  await cleo.try('offline');
  await cleo.find('[data-testid=state][data-state=offline]').waitFor();
  await cleo.part('tab-comments').click();
  await cleo.part('comment-edit').click();
  await cleo.part('comment-edit-text').fill('This Thursday?');
  await cleo.part('comment-edit-send').click();
  await cleo.part('thread-resolve').click();
  await start(cleo, 'Launch plan', 'Whose plan?');
  await ada.typeAfter('Write the announcement', ' soon');
  expect(await ada.part('thread').count()).toBe(1);
  await cleo.part('tab-pass').click();
  await cleo.part('try-offline').click();
  await cleo.untilText('Write the announcement soon');
  await untilThread(ada, 'Whose plan?', 'false');
  await untilThread(ada, 'This Thursday?', 'true');
  await cleo.find('[data-testid=state][data-state=saved]').waitFor();

  await first.close();
  await cleo.find('[data-testid=state][data-state=offline]').waitFor();
  await cleo.part('tab-comments').click();
  await cleo.find('[data-testid=thread][data-resolved=false]').getByTestId('thread-delete').click();
  const second = await startApp({ dataDir: first.dataDir, port: Number(new URL(first.url).port) });
  await until(async () => (await ada.part('thread').count()) === 1, 'the thread is gone');
  await ada.untilText('Write the announcement soon');
  const events = [...first.events, ...second.events];
  expect(events.filter(({ type }) => type === 'write-rejected')).toEqual([]);
});

async function start(pane: Pane, heading: string, text: string): Promise<void> {
  await pane.find('[data-testid=editor] :is(h1, h2)').filter({ hasText: heading }).click({ clickCount: 3 });
  await pane.find('button[aria-label="Comment"]').click();
  await pane.part('comment-text').fill(text);
  await pane.part('comment-send').click();
}

/** The panel may show something else meanwhile. */
async function untilThread(pane: Pane, text: string, resolved: string): Promise<void> {
  const thread = pane.find(`[data-testid=thread][data-resolved=${resolved}]`).filter({ hasText: text });
  await thread.waitFor({ state: 'attached' });
}
