import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { XmlElement, XmlText } from 'yjs';
import { openBrowserPage, openEditorPage } from '../support/editor-page.ts';
import { openDocument } from '../support/open-document.ts';
import { signIn } from '../support/person.ts';
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

test('typing stays fast in a document of 200 pages', async () => {
  const { url, collabUrl } = await startApp();
  const owner = await signIn(url, 'ada');
  const long = openDocument(collabUrl, 'ada/book', owner.token);
  await long.untilLevel('write');
  const body = long.provider.document.getXmlFragment('default');
  long.provider.document.transact(() => body.push(pages(200)));
  await long.untilSaved();

  const ada = await openEditorPage(url, 'ada', 'ada/book');
  await ada.untilLevel('write');
  await ada.untilText('Page 200');
  const perKey: number[] = [];
  for (const heading of ['Page 1', 'Page 100', 'Page 200']) {
    await ada.editor.getByRole('heading', { name: heading, exact: true }).click();
    await ada.page.keyboard.press('End');
    const start = performance.now();
    await ada.page.keyboard.type(', written while it is long');
    perKey.push((performance.now() - start) / ', written while it is long'.length);
    await long.untilText(`${heading}, written while it is long`);
  }
  console.log(`${perKey.map((milliseconds) => milliseconds.toFixed(1)).join(', ')} ms a key in 200 pages`);
  expect(Math.max(...perKey)).toBeLessThan(150);
});

/** A heading and 500 words each. */
function pages(count: number): XmlElement[] {
  const words = 'A page has five hundred words, and each of them wants to be typed without waiting. '.repeat(6);
  return Array.from({ length: count }, (_, index) => [
    block('heading', `Page ${index + 1}`),
    ...Array.from({ length: 5 }, () => block('paragraph', words)),
  ]).flat();
}

function block(name: string, text: string): XmlElement {
  const element = new XmlElement(name);
  element.insert(0, [new XmlText(text)]);
  return element;
}
