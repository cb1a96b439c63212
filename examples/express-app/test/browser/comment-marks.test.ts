import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommentPage, openCommentPage } from '../support/comment-page.ts';
import { buildCommentPage, type CommentServer, startCommentServer } from '../support/comment-server.ts';
import { until } from '../support/until.ts';

const BODY = ['A contract of some length', 'Signed by nobody yet'];
let pageDir: string;

beforeAll(async () => {
  pageDir = await mkdtemp(join(tmpdir(), 'comment-marks-'));
  await buildCommentPage(pageDir);
});

afterAll(() => rm(pageDir, { recursive: true, force: true }));

/** A writer, a commenter and a reader in one document. */
async function open(): Promise<{
  server: CommentServer;
  ada: CommentPage;
  cleo: CommentPage;
  dan: CommentPage;
  all: CommentPage[];
}> {
  const server = await startCommentServer(pageDir, BODY);
  const [ada, cleo, dan] = [
    await openCommentPage(server.pageFor('ada', 'write')),
    await openCommentPage(server.pageFor('cleo', 'comment')),
    await openCommentPage(server.pageFor('dan', 'read')),
  ];
  await Promise.all([ada.untilLevel('write'), cleo.untilLevel('comment'), dan.untilLevel('read')]);
  const all = [ada, cleo, dan];
  await Promise.all(all.map((person) => person.untilText('Signed by nobody yet')));
  return { server, ada, cleo, dan, all };
}

const threadsOf = (people: CommentPage[], ...lines: string[]) =>
  Promise.all(people.map((person) => person.untilThreads(...lines)));
const marksOf = (people: CommentPage[], ...marks: string[]) =>
  Promise.all(people.map((person) => person.untilMarks(...marks)));
const rejections = ({ events }: CommentServer) => events.filter(({ type }) => type === 'write-rejected');

test('threads that a commenter adds, edits, resolves and deletes are everybody’s, also after a cut', async () => {
  const { server, ada, cleo, all } = await open();
  const whole = server.body();
  await cleo.comment('contract', 'Which one?');
  await cleo.comment('length', 'How long?');
  await threadsOf(all, 'contract: Which one?', 'length: How long?');
  await ada.inThread('Which one?', 'Reply', 'This one');
  await cleo.inThread('Which one?', 'Edit', 'Whose?');
  await threadsOf(all, 'contract: Whose? / This one', 'length: How long?');

  server.cutConnections();
  await cleo.comment('nobody', 'Nobody?');
  await cleo.inThread('Whose?', 'Resolve');
  await threadsOf(all, 'contract: Whose? / This one (resolved)', 'length: How long?', 'nobody: Nobody?');
  await cleo.inThread('How long?', 'Delete');
  await threadsOf(all, 'contract: Whose? / This one (resolved)', 'nobody: Nobody?');
  expect(server.body()).toBe(whole);
  expect(rejections(server)).toEqual([]);
});

test('what a commenter does with threads and marks offline arrives, and what others write meanwhile comes', async () => {
  const { server, ada, cleo, dan, all } = await open();
  await cleo.comment('contract', 'Which one?');
  await cleo.comment('length', 'How long?');
  await cleo.mark('some', 'first');
  await marksOf(all, 'first: some');
  await threadsOf(all, 'contract: Which one?', 'length: How long?');

  await cleo.press('Disconnect');
  await cleo.comment('nobody', 'Nobody?');
  await cleo.inThread('Which one?', 'Edit', 'Whose?');
  await cleo.inThread('Whose?', 'Resolve');
  await cleo.inThread('How long?', 'Delete');
  await cleo.mark('yet', 'second');
  await cleo.select('some');
  await cleo.press('Unmark');
  await ada.page.locator('#editor p').first().click();
  await ada.page.keyboard.press('Home');
  await ada.page.keyboard.type('Meanwhile: ');
  await dan.untilText('Meanwhile: A contract');
  await dan.untilThreads('contract: Which one?', 'length: How long?');

  await cleo.press('Connect');
  await cleo.untilText('Meanwhile: A contract');
  await threadsOf(all, 'contract: Whose? (resolved)', 'nobody: Nobody?');
  await marksOf(all, 'second: yet');
  expect(rejections(server)).toEqual([]);
});

test('marks that a commenter sets and removes, overlapping ones too, are everybody’s, and the words stay', async () => {
  const { server, ada, cleo, all } = await open();
  const words = await ada.text();
  await cleo.mark('contract', 'first');
  await marksOf(all, 'first: contract');
  await ada.mark('contract', 'second');
  await marksOf(all, 'first: contract', 'second: contract');
  await cleo.mark('contract', 'third');
  await cleo.mark('nobody', 'fourth');
  const three = ['first: contract', 'second: contract', 'third: contract'];
  await marksOf(all, ...three, 'fourth: nobody');

  server.cutConnections();
  await cleo.select('nobody');
  await cleo.press('Unmark');
  await marksOf(all, ...three);
  await cleo.select('contract');
  await cleo.press('Unmark');
  await marksOf(all);
  for (const person of all) expect(await person.text()).toBe(words);
  expect(rejections(server)).toEqual([]);
});

test('what a commenter types reaches nobody; undone and synced again, comments arrive', async () => {
  const { server, ada, cleo, all } = await open();
  const [words, whole] = [await ada.text(), server.body()];
  await cleo.select('contract');
  await cleo.page.keyboard.insertText('treaty');
  expect(await cleo.text()).toBe(words);
  expect(rejections(server)).toEqual([]);

  await cleo.press('Unlock');
  await cleo.page.locator('#editor p').first().click();
  await cleo.page.keyboard.press('Home');
  await cleo.page.keyboard.insertText('Never arrives. ');
  await cleo.untilText('Never arrives. A contract');
  await until(() => rejections(server).length > 0, 'the edit was refused');
  await until(async () => (await cleo.rejected()) > 0, 'the page was told');
  await cleo.comment('contract', 'In vain?');
  await until(async () => (await cleo.rejected()) > 1, 'the comment was refused, and the page told');
  for (const { subject } of rejections(server)) expect(subject).toBe('cleo');
  expect(server.body()).toBe(whole);

  await cleo.press('Undo');
  await until(async () => (await cleo.text()) === words, 'the edit is undone');
  await cleo.press('Resync');
  await threadsOf(all, 'contract: In vain?');
  await cleo.comment('length', 'And on.');
  await threadsOf(all, 'contract: In vain?', 'length: And on.');
  await cleo.page.reload();
  await cleo.untilThreads('contract: In vain?', 'length: And on.');
  for (const person of all) expect(await person.text()).toBe(words);
  expect(server.body()).toBe(whole);
});
