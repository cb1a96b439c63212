import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openBrowserPage } from '../support/editor-page.ts';
import { startApp } from '../support/start-app.ts';

test('the page is under 250 kB gzipped, fonts included, and can be written in within 5 s on a busy machine', async () => {
  const { url } = await startApp();
  const { page } = await openBrowserPage();
  const files = new Map<string, Promise<Buffer>>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (response.ok() && /\.(?:js|css|woff2|html)$|\/$/.test(pathname)) files.set(pathname, response.body());
  });
  const start = performance.now();
  await page.goto(`${url}/left/?as=ada#/team/plan`);
  await page.locator('[data-testid=editor][contenteditable=true]').waitFor();
  const milliseconds = Math.round(performance.now() - start);

  const bodies = await Promise.all(files.values());
  const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0);
  console.log(`${bytes.toLocaleString('en')} bytes gzipped in ${files.size} files, writable after ${milliseconds} ms`);
  expect(files.size).toBeGreaterThan(3);
  expect(bytes).toBeLessThan(250_000);
  expect(milliseconds).toBeLessThan(5_000);
});
