import type { FrameLocator, Locator, Page } from 'playwright-core';
import { openBrowserPage } from './editor-page.ts';

/** One half of the page, or all of it. */
export interface Pane {
  /** What `packages/editor-demo/README.md` names. */
  part(testId: string): Locator;
  find(selector: string): Locator;
  untilLevel(level: string): Promise<void>;
  /** Tries one of the things to try, and waits for the sentence that says what happened. */
  try(name: string): Promise<string>;
  untilResult(name: string): Promise<string>;
  /** Waits for an entry of the timeline. */
  untilHappened(event: string): Promise<void>;
  /** Types at the end of the first paragraph with this text. */
  typeAfter(paragraph: string, text: string): Promise<void>;
  untilText(text: string): Promise<void>;
}

/** Two people on one page, both in `team/plan`: ada on the left, ben on the right. */
export async function openSplitPage(url: string): Promise<{ page: Page; left: Pane; right: Pane }> {
  const { page } = await openBrowserPage();
  await page.goto(url);
  const [left, right] = [toPane(page, 'left'), toPane(page, 'right')];
  await Promise.all([left.untilLevel('write'), right.untilLevel('write')]);
  await Promise.all([left.untilHappened('allowed'), right.untilHappened('allowed')]);
  return { page, left, right };
}

export function toPane(page: Page, side: 'left' | 'right'): Pane {
  const frame: FrameLocator = page.frameLocator(`iframe[name=${side}]`);
  const part = (testId: string): Locator => frame.getByTestId(testId);
  const find = (selector: string): Locator => frame.locator(selector);
  const untilResult = async (name: string): Promise<string> => {
    const result = find(`[data-testid=try-result][data-try="${name}"]`);
    await result.waitFor();
    return (await result.textContent()) ?? '';
  };

  return {
    part,
    find,
    untilResult,
    untilLevel: (level) => find(`[data-testid=level][data-level=${level}]`).waitFor(),
    try: async (name) => {
      await part(`try-${name}`).click();
      return untilResult(name);
    },
    untilHappened: (event) => find(`[data-testid=timeline] [data-event=${event}]`).first().waitFor(),
    typeAfter: async (paragraph, text) => {
      const target = find('[data-testid=editor] p').filter({ hasText: paragraph }).first();
      await target.click();
      // An editor that has just got the focus may put its old selection back: the second click counts.
      await find('.ProseMirror-focused').waitFor();
      await target.click({ delay: 30 });
      await page.keyboard.press('End');
      await page.keyboard.type(text);
    },
    untilText: (text) => find('[data-testid=editor] p').filter({ hasText: text }).first().waitFor(),
  };
}
