import type { Page } from 'playwright-core';
import { openBrowserPage } from './editor-page.ts';
import { until } from './until.ts';

/** One person's page of `packages/editor-demo/test/comment-marks`. */
export interface CommentPage {
  page: Page;
  press(button: string): Promise<void>;
  /** Selects a word with the mouse. */
  select(word: string): Promise<void>;
  /** Selects a word, and starts a thread about it. */
  comment(word: string, text: string): Promise<void>;
  /** Presses a button of the thread with these words. */
  inThread(words: string, button: string, text?: string): Promise<void>;
  /** Selects a word, and marks it as commented by this thread. */
  mark(word: string, thread: string): Promise<void>;
  text(): Promise<string>;
  rejected(): Promise<number>;
  untilText(text: string): Promise<void>;
  /** Until exactly these threads are listed. */
  untilThreads(...lines: string[]): Promise<void>;
  /** Until exactly these marks are in the text, as `thread: text`. */
  untilMarks(...marks: string[]): Promise<void>;
  untilLevel(level: string): Promise<void>;
}

export async function openCommentPage(address: string): Promise<CommentPage> {
  const { page } = await openBrowserPage();
  await page.goto(address);
  const editor = page.locator('#editor');
  const field = page.getByLabel('Text');
  const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).first().click();
  const text = async (): Promise<string> => (await editor.locator('p').allTextContents()).join('\n');
  const threads = (): Promise<string[]> => page.locator('#threads li > span').allTextContents();
  const marks = (): Promise<string[]> =>
    editor
      .locator('mark')
      .evaluateAll((found) => found.map((mark) => `${mark.getAttribute('title')}: ${mark.textContent}`));

  const select = async (word: string): Promise<void> => {
    // Where a word is on the screen is known to the browser alone.
    const find = `(() => {
      const walker = document.createTreeWalker(document.querySelector('#editor'), NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(${JSON.stringify(word)});
        if (at < 0) continue;
        range.setStart(node, at);
        range.setEnd(node, at + ${word.length});
        const { x, y, width, height } = range.getBoundingClientRect();
        return [x + width / 2, y + height / 2];
      }
    })()`;
    const [x, y] = Object(await page.evaluate(find));
    // Otherwise a second double click on the same word is a triple one.
    await editor
      .locator('p')
      .first()
      .click({ position: { x: 400, y: 5 } });
    await page.mouse.dblclick(x, y);
    await until(
      async () => (await page.evaluate('getSelection().toString().trim()')) === word,
      `“${word}” is selected`,
    );
  };
  const untilSame = (read: () => Promise<string[]>, expected: string[]): Promise<void> => {
    const isSame = async (): Promise<boolean> => `${(await read()).sort()}` === `${expected.sort()}`;
    return until(isSame, `${expected}`).catch(async ({ message }) => {
      throw new Error(`${message}, and not ${await read()}`);
    });
  };

  return {
    page,
    press,
    select,
    comment: async (word, comment) => {
      await field.fill(comment);
      await select(word);
      await press('Add thread');
    },
    inThread: async (words, name, comment = '') => {
      await field.fill(comment);
      await page.locator('#threads li').filter({ hasText: words }).getByRole('button', { name }).click();
    },
    mark: async (word, thread) => {
      await field.fill(thread);
      await select(word);
      await press('Mark');
    },
    text,
    rejected: async () => Number(await page.locator('#rejected').textContent()),
    untilText: (words) => editor.getByText(words).first().waitFor(),
    untilThreads: (...lines) => untilSame(threads, lines),
    untilMarks: (...lines) => untilSame(marks, lines),
    untilLevel: (level) => page.locator('#level').filter({ hasText: level }).waitFor(),
  };
}
