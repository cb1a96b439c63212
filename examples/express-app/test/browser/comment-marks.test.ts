import { expect, test } from 'vitest';
import { startCommentMarks } from '../support/comment-marks-page.ts';
import { until } from '../support/until.ts';

test('a commenter adds, edits, resolves and deletes threads, and marks text; a refused edit swallows none of it', async () => {
  const open = await startCommentMarks();
  const ada = await open('ada', 'write');
  await ada.body.click();
  await ada.page.keyboard.type('Contract between friends');
  const cleo = await open('cleo', 'comment');
  await cleo.body.getByText('Contract').waitFor();

  // Threads, by the mouse in an editor that cannot be edited.
  await cleo.selectFirstWord();
  await cleo.write('why?');
  await cleo.press('Add thread');
  const thread = ada.threads.filter({ hasText: 'Contract' });
  await thread.filter({ hasText: 'why?' }).waitFor();
  await cleo.write('why not?');
  await cleo.threads.first().getByRole('button', { name: 'Edit' }).click();
  await thread.filter({ hasText: 'why not?' }).waitFor();
  await cleo.threads.first().getByRole('button', { name: 'Resolve' }).click();
  await thread.filter({ hasText: '(resolved)' }).waitFor();

  // Marks in the body.
  await cleo.selectFirstWord();
  await cleo.press('Mark');
  await ada.body.locator('mark').waitFor();

  // What a page does that does not care: it types anyway.
  await cleo.press('Unlock');
  await cleo.body.click();
  await cleo.page.keyboard.press('Control+Home');
  await cleo.page.keyboard.type('NO ');
  await until(async () => Number(await cleo.page.locator('#rejected').textContent()) > 0, 'the edit is refused');
  for (let i = 0; i < 10 && (await cleo.body.textContent())?.includes('NO '); i += 1) await cleo.press('Undo');
  await cleo.press('Resync');
  await cleo.write('after a refusal');
  await cleo.press('Add thread');
  await ada.threads.filter({ hasText: 'after a refusal' }).waitFor();
  expect(await ada.body.textContent()).not.toContain('NO');

  // A stay offline, and a new connection.
  await cleo.press('Disconnect');
  await cleo.write('from the train');
  await cleo.press('Add thread');
  await cleo.threads.first().getByRole('button', { name: 'Reply' }).click();
  await ada.body.click();
  await ada.page.keyboard.press('Control+End');
  await ada.page.keyboard.type(', meanwhile');
  await cleo.press('Connect');
  await ada.threads.filter({ hasText: ': from the train' }).waitFor();
  await ada.threads.filter({ hasText: '/ from the train' }).waitFor();
  await cleo.body.getByText('meanwhile').waitFor();

  const count = await ada.threads.count();
  await cleo.threads.first().getByRole('button', { name: 'Delete' }).click();
  await until(async () => (await ada.threads.count()) === count - 1, 'the thread is gone everywhere');
  await cleo.page.reload();
  await cleo.untilLevel('comment');
  await until(async () => (await cleo.threads.count()) === count - 1, 'a new visit sees the same');
  expect(await cleo.body.textContent()).toBe(await ada.body.textContent());
});
