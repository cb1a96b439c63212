import { expect, test } from 'vitest';
import { openBrowserPage } from '../support/editor-page.ts';
import { startQuickstart } from '../support/quickstart.ts';

test('the quickstart’s page is an editor that two people share', { timeout: 90_000 }, async () => {
  const { url } = await startQuickstart();
  const [ada, ben, eve] = await Promise.all(
    ['ada', 'ben', 'eve'].map(async (username) => {
      const { page } = await openBrowserPage();
      await page.goto(`${url}/?as=${username}`);
      return page;
    }),
  );
  if (!ada || !ben || !eve) throw new Error('Three pages were opened');
  await Promise.all([ada, ben].map((page) => page.getByText('authenticated, write').waitFor()));
  await eve.getByText('signed-out').waitFor();

  await ada.locator('.tiptap').click();
  await ada.keyboard.type('Hello from Ada');
  await ben.getByText('Hello from Ada').waitFor();
  await ben.getByText('ada', { exact: true }).waitFor();

  await ben.goto(`${url}/?as=ben&document=team/handbook`);
  await ben.getByText('authenticated, read').waitFor();
  expect(await ben.locator('.tiptap').getAttribute('contenteditable')).toBe('false');
});
