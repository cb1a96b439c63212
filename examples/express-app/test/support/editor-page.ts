import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { expect, inject, onTestFinished } from 'vitest';

/** The editor page of one person, in a browser. */
export interface EditorPage {
  page: Page;
  context: BrowserContext;
  editor: Locator;
  /** What `packages/editor-demo/README.md` names. */
  part(testId: string): Locator;
  /** What the editor shows. */
  text(): Promise<string>;
  /** Types at the end of the text. */
  type(text: string): Promise<void>;
  untilText(text: string): Promise<void>;
  untilLevel(level: string): Promise<void>;
  untilState(state: string): Promise<void>;
  untilRefused(reason: string): Promise<void>;
  /** Until nothing can be typed, whether the editor is still shown or not. */
  untilLocked(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

/** A page in a browser context of its own. Whatever its scripts throw fails the test. */
export async function openBrowserPage(given?: BrowserContext): Promise<{ page: Page; context: BrowserContext }> {
  browser ??= chromium.connect(inject('browserEndpoint'));
  const context = given ?? (await (await browser).newContext({ viewport: { width: 1280, height: 900 } }));
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(String(error)));
  onTestFinished(async () => {
    await page.close();
    if (!given) await context.close();
    expect(failures).toEqual([]);
  });
  return { page, context };
}

/** Signs somebody in, in a browser context of their own, and opens a document. */
export async function openEditorPage(url: string, username: string, documentName: string): Promise<EditorPage> {
  const { page } = await openBrowserPage();
  return openIn(page, `${url}/left/?as=${username}#/${documentName}`);
}

/** One more tab for whoever is signed in there. */
export async function openTab({ context }: EditorPage, address: string): Promise<EditorPage> {
  const { page } = await openBrowserPage(context);
  return openIn(page, address);
}

async function openIn(page: Page, address: string): Promise<EditorPage> {
  await page.goto(address);
  const part = (testId: string): Locator => page.getByTestId(testId);
  const editor = part('editor');
  const untilThere = (testId: string, attribute: string, value: string): Promise<void> =>
    page.locator(`[data-testid="${testId}"][${attribute}="${value}"]`).waitFor({ state: 'attached' });

  return {
    page,
    context: page.context(),
    editor,
    part,
    text: async () => (await editor.textContent()) ?? '',
    type: async (text) => {
      await editor.click();
      await page.keyboard.press('Control+End');
      await page.keyboard.type(text);
    },
    untilText: (text) => editor.getByText(text).first().waitFor(),
    untilLevel: (level) => untilThere('level', 'data-level', level),
    untilState: (state) => untilThere('state', 'data-state', state),
    untilRefused: (reason) => untilThere('refusal', 'data-reason', reason),
    untilLocked: () => page.locator('[data-testid="editor"][contenteditable="true"]').waitFor({ state: 'detached' }),
  };
}
