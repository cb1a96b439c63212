import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';
import { until } from './until.ts';

/** The editor page of one person, in a browser. */
export interface EditorPage {
  page: Page;
  context: BrowserContext;
  editor: Locator;
  /** What `packages/editor-demo/README.md` names. */
  part(testId: string): Locator;
  /** Types at the end of the text. */
  type(text: string): Promise<void>;
  untilText(text: string): Promise<void>;
  untilLevel(level: string): Promise<void>;
  untilState(state: string): Promise<void>;
  untilRefused(reason: string): Promise<void>;
}

let browser: Promise<Browser> | undefined;

/** Signs somebody in, in a browser context of their own, and opens a document. */
export async function openEditorPage(url: string, username: string, documentName: string): Promise<EditorPage> {
  browser ??= chromium.connect(inject('browserEndpoint'));
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 900 } });
  onTestFinished(() => context.close());
  return openTab(context, `${url}/left/?as=${username}#/${documentName}`);
}

/** One more tab for whoever is signed in there. */
export async function openTab(context: BrowserContext, address: string): Promise<EditorPage> {
  const page = await context.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  onTestFinished(() => expect(failures).toEqual([]));
  await page.goto(address);
  const part = (testId: string): Locator => page.getByTestId(testId);
  const editor = part('editor');

  return {
    page,
    context,
    editor,
    part,
    type: async (text) => {
      await editor.click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(text);
    },
    untilText: (text) => editor.getByText(text).first().waitFor(),
    untilLevel: (level) => untilAttribute(part('level'), 'data-level', level),
    untilState: (state) => untilAttribute(part('state'), 'data-state', state),
    untilRefused: (reason) => untilAttribute(part('refusal'), 'data-reason', reason),
  };
}

async function untilAttribute(locator: Locator, name: string, value: string): Promise<void> {
  await until(async () => (await locator.getAttribute(name)) === value, `${name} is ${value}`);
}
