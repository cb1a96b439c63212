import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type FrameLocator, type Page } from 'playwright-core';
import { createApp } from '../examples/express-app/src/app.ts';
import { launchOptions } from '../examples/express-app/test/support/browser.ts';

// Takes the pictures of the documentation: the real app, with an empty data directory and a clock that stands still.

const FOLDER = 'docs/images';
const START = Date.parse('2026-05-12T10:00:00Z');
/** How far the rings have run down in the pictures: less than a provider would call a silence. */
const LATER_SECONDS = 27;
const SCHEMES = ['light', 'dark'] as const;

mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch(await launchOptions());
try {
  for (const scheme of SCHEMES) {
    await takeTogether(scheme);
    await takeAlone(scheme);
  }
} finally {
  await browser.close();
}

/** Two people in one document, one of whom has just tried to be the other. */
async function takeTogether(scheme: 'light' | 'dark'): Promise<void> {
  await withPage(scheme, { width: 1440, height: 900 }, async (page) => {
    const [ada, ben] = [page.frameLocator('[name=left]'), page.frameLocator('[name=right]')];
    await Promise.all([untilSaved(ada), untilSaved(ben)]);
    await at(page, 9);
    await comment(ada, 'Who presents it?', 'Could you, Ben?');
    await ada.getByTestId('tab-pass').click();
    await at(page, 16);
    await ben.getByTestId('try-pretend').click();
    await ben.locator('[data-try=pretend]').waitFor();
    await ben.locator('[data-event=tried]').waitFor();
    await at(page, 22);
    await type(page, ben, 'Write the announcement', ', and keep it short');
    await ada.locator('p', { hasText: 'keep it short' }).waitFor();
    await type(page, ada, 'Whoever shows this', ' Just click.');
    await ben.locator('p', { hasText: 'Just click.' }).waitFor();
    await Promise.all([ada.locator('.caret[data-user=ben]').waitFor(), ben.locator('.caret[data-user=ada]').waitFor()]);
    await settle(page);
    await page.screenshot({ path: `${FOLDER}/together-${scheme}.png`, animations: 'disabled' });
  });
}

/** One person's pass, and the same page on a phone. */
async function takeAlone(scheme: 'light' | 'dark'): Promise<void> {
  await withPage(scheme, { width: 1440, height: 1000 }, async (page) => {
    const [ada, ben] = [page.frameLocator('[name=left]'), page.frameLocator('[name=right]')];
    await Promise.all([untilSaved(ada), untilSaved(ben)]);
    await at(page, 9);
    await ada.getByTestId('rights-comment').click();
    await ben.locator('[data-testid=level][data-level=comment]').waitFor();
    await ben.locator('[data-event=level-changed]').first().waitFor();
    await page.getByTestId('view-right').click();
    await ben.locator('.pass-details summary').click();
    await settle(page);
    await ben.getByTestId('pass').screenshot({ path: `${FOLDER}/pass-${scheme}.png`, animations: 'disabled' });

    await page.setViewportSize({ width: 390, height: 844 });
    await settle(page);
    await page.screenshot({ path: `${FOLDER}/phone-${scheme}.png`, animations: 'disabled' });
  });
}

async function withPage(
  colorScheme: 'light' | 'dark',
  viewport: { width: number; height: number },
  take: (page: Page) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hocuspass-screenshots-'));
  const app = createApp({ dataDir, tokenExpiresIn: '2m' });
  const url = await listen(app.server);
  const context = await openContext(browser, colorScheme, viewport);
  try {
    const page = await context.newPage();
    await at(page, 0);
    await page.goto(url);
    await take(page);
  } finally {
    await context.close();
    await app.close();
    rmSync(dataDir, { recursive: true });
  }
}

function openContext(from: Browser, colorScheme: 'light' | 'dark', viewport: { width: number; height: number }) {
  return from.newContext({ colorScheme, viewport, deviceScaleFactor: 1.5, timezoneId: 'UTC', locale: 'en-GB' });
}

async function listen(server: ReturnType<typeof createApp>['server']): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

async function untilSaved(pane: FrameLocator): Promise<void> {
  await pane.locator('[data-testid=state][data-state=saved]').waitFor();
  await pane.locator('[data-event=allowed]').waitFor();
}

/** Puts the caret at the end of the paragraph with this text, and types. */
async function type(page: Page, pane: FrameLocator, paragraph: string, text: string): Promise<void> {
  const target = pane.getByTestId('editor').locator('p', { hasText: paragraph });
  await target.click();
  // On a busy machine the editor puts the caret back to where it was when it was left: the second click counts.
  await page.waitForTimeout(300);
  await target.click();
  await page.keyboard.press('End');
  await page.waitForTimeout(300);
  await page.keyboard.type(text);
}

async function comment(pane: FrameLocator, paragraph: string, text: string): Promise<void> {
  await pane.getByTestId('editor').locator('p', { hasText: paragraph }).click({ clickCount: 3 });
  await pane.getByRole('button', { name: 'Comment', exact: true }).click();
  await pane.getByTestId('comment-text').fill(text);
  await pane.getByTestId('comment-send').click();
  await pane.getByTestId('thread').waitFor();
}

async function at(page: Page, seconds: number): Promise<void> {
  await page.clock.setFixedTime(START + seconds * 1000);
}

/** Lets the rings run down to where they are in the pictures, and everything come to rest. */
async function settle(page: Page): Promise<void> {
  await at(page, LATER_SECONDS);
  await page.mouse.move(0, 0);
  // The rings are drawn once a second.
  await page.waitForTimeout(1500);
}
