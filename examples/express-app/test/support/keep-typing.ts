import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

/** Keeps typing, one numbered word after the other, until told to stop; then says how many there were. */
export function keepTyping(page: Page, word: (number: number) => string): () => Promise<number> {
  let isTyping = true;
  let words = 0;
  const typing = (async () => {
    while (isTyping) {
      words += 1;
      await page.keyboard.type(word(words), { delay: 10 });
    }
  })();
  const stop = async (): Promise<number> => {
    isTyping = false;
    await typing;
    return words;
  };
  // A test that fails stops, too, before its page is closed.
  onTestFinished(async () => {
    await stop();
  });
  return stop;
}
