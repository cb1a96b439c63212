import axe from 'axe-core';
import type { Frame, Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openBrowserPage } from '../support/editor-page.ts';
import { openSplitPage, toPane } from '../support/split-page.ts';
import { startApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';

/** What axe finds in one frame, as `rule: element`. */
async function violationsIn(frame: Frame): Promise<unknown> {
  await frame.evaluate(axe.source);
  const list = '({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ": " + html))';
  return frame.evaluate(`axe.run(document, { iframes: false }).then(${list})`);
}

async function boxOf(element: Locator): Promise<{ top: number; bottom: number }> {
  const { y = Number.NaN, height = Number.NaN } = (await element.boundingBox()) ?? {};
  return { top: y, bottom: y + height };
}

async function expectAccessible(page: Page): Promise<void> {
  for (const frame of page.frames()) expect(await violationsIn(frame)).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`${colorScheme}: whatever is shown can be read and used by everybody`, async () => {
    const { url } = await startApp();
    const { page, left, right } = await openSplitPage(url);
    await page.emulateMedia({ colorScheme });
    await left.find('[data-testid=editor] h2').first().click({ clickCount: 3 });
    await left.find('button[aria-label="Comment"]').click();
    await left.part('comment-text').fill('Which one?');
    await left.part('comment-send').click();
    await right.part('try-other-document').click();
    await right.part('refusal').waitFor();
    await expectAccessible(page);

    await right.part('refusal-accounts').click();
    await right.part('account-dan').waitFor();
    await left.part('tab-pass').click();
    await left.part('open-documents').click();
    await expectAccessible(page);

    await page.keyboard.press('Escape');
    await right.part('account-dan').click();
    await right.untilLevel('read');
    await page.setViewportSize({ width: 390, height: 844 });
    if (!(await left.part('try-expire').isVisible())) await left.part('open-panel').click();
    await left.part('try-expire').waitFor();
    await expectAccessible(page);
  });
}

test('the first visit asks no other host, logs no error, and nothing moves while it loads', async () => {
  const { url } = await startApp();
  const { page } = await openBrowserPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) problems.push(request.url());
  });
  await page.addInitScript(`
    window.shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.shift += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  `);
  await page.goto(url);
  await Promise.all([toPane(page, 'left').untilHappened('allowed'), toPane(page, 'right').untilHappened('allowed')]);
  await toPane(page, 'left').find('.rights-head select').waitFor();
  expect(problems).toEqual([]);
  for (const frame of page.frames()) expect(Number(await frame.evaluate('window.shift'))).toBeLessThan(0.02);
});

test('one person alone, both, and on a phone one after the other', async () => {
  const { url } = await startApp();
  const { page, left, right } = await openSplitPage(url);
  await page.getByTestId('view-right').click();
  await until(async () => !(await left.part('editor').isVisible()), 'the left person is away');
  expect(await right.part('documents').isVisible()).toBe(true);
  expect(page.url()).toContain('view=right');

  await page.getByTestId('view-both').click();
  await left.part('editor').waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await until(async () => !(await right.part('editor').isVisible()), 'one is left');
  await page.getByTestId('view-right').click();
  await right.part('editor').waitFor();
});

test('the address says which document both open, and a frame goes its own way afterwards', async () => {
  const { url } = await startApp();
  const { page } = await openBrowserPage();
  await page.goto(`${url}/#/team/handbook`);
  const [left, right] = [toPane(page, 'left'), toPane(page, 'right')];
  await Promise.all([left.untilLevel('write'), right.untilLevel('read')]);
  expect(await left.find('.document-title').textContent()).toBe('team/handbook');
  expect(await right.find('.document-title').textContent()).toBe('team/handbook');
  await right.part('open-documents').click();
  await right.part('document-team/plan').click();
  await right.untilText('Ada and Ben write this page');
  expect(await left.find('.document-title').textContent()).toBe('team/handbook');
});

test('in narrow panes, whatever can be tried is in sight, and so is the way back from a refusal', async () => {
  const { url } = await startApp();
  const { page, left } = await openSplitPage(url);
  await page.setViewportSize({ width: 1024, height: 768 });
  await left.try('other-document');
  const edge = await boxOf(page.locator('iframe[name=left]'));
  for (const testId of ['try-sign-out', 'try-result', 'rights-none']) {
    expect((await boxOf(left.part(testId))).bottom, testId).toBeLessThan(edge.bottom);
  }
  const panel = await boxOf(left.part('open-panel'));
  expect((await boxOf(left.part('refusal-document'))).bottom).toBeLessThan(panel.top);
});

test('what the pass says is one click away, and marks the entry that decided', async () => {
  const { url } = await startApp();
  const { left } = await openSplitPage(url);
  const bar = await boxOf(left.part('state'));
  await left.part('pass').getByRole('button', { name: 'See what your pass says' }).click();
  const edge = await boxOf(left.part('pass'));
  expect((await boxOf(left.part('claims'))).bottom).toBeLessThan(edge.bottom);
  // The panel scrolls, and nothing around it.
  expect(await boxOf(left.part('state'))).toEqual(bar);
  expect(await left.find('.is-decisive').textContent()).toContain('team/*');
  expect(await left.part('why').textContent()).toContain('allowedDocumentNames lists "team/*"');
});

test('a chosen colour scheme holds in every frame and after a reload', async () => {
  const { url } = await startApp();
  const { page } = await openSplitPage(url);
  const button = page.getByRole('button', { name: /^Color scheme/ });
  await button.click();
  await button.click();
  const schemes = () =>
    Promise.all(page.frames().map((frame) => frame.evaluate('document.documentElement.dataset.scheme')));
  await until(async () => (await schemes()).every((scheme) => scheme === 'dark'), 'all frames are dark');
  await page.reload();
  await toPane(page, 'right').untilLevel('write');
  expect(await schemes()).toEqual(['dark', 'dark', 'dark']);
});

test('the toolbar works by keyboard, and says what is pressed', async () => {
  const { url } = await startApp();
  const { page, left } = await openSplitPage(url);
  await left.typeAfter('Write the announcement', '');
  await page.keyboard.press('Control+b');
  const bold = left.find('button[aria-label="Bold"]');
  await until(async () => (await bold.getAttribute('aria-pressed')) === 'true', 'Bold is pressed');
  await left.find('button[aria-label="Undo"]').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await left.find('button:focus').getAttribute('aria-label')).toBe('Heading 1');
  await page.keyboard.press('End');
  expect(await left.find('button:focus').getAttribute('aria-label')).toBe('Comment');
});

test('an account without any document is told so', async () => {
  const { url } = await startApp();
  const { page } = await openBrowserPage();
  await page.goto(`${url}/left/?as=eve`);
  await page.getByTestId('refusal').waitFor();
  expect(await page.getByTestId('refusal').getAttribute('data-reason')).toBe('document-forbidden');
  await page.getByTestId('documents').getByText('Nobody has shared a document with you yet.').waitFor();
});
