import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { type onRequestPayload, Server } from '@hocuspocus/server';
import { type AccessLevel, createSigner, createVerifier } from 'hocuspass';
import { JwtAuth } from 'hocuspass/hocuspocus';
import type { Locator, Page } from 'playwright-core';
import { build } from 'vite';
import { onTestFinished } from 'vitest';
import { openBrowserPage } from './editor-page.ts';

const secret = 'a secret that only this page knows 0123456789';
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** A Tiptap editor with comment marks and threads, as one person sees it. */
export interface CommentMarksPage {
  page: Page;
  body: Locator;
  threads: Locator;
  press(button: string): Promise<void>;
  write(text: string): Promise<void>;
  /** Selects the first word of the body, by the mouse. */
  selectFirstWord(): Promise<void>;
  untilLevel(level: string): Promise<void>;
}

/** Serves the page and a real Hocuspocus server with `JwtAuth`; opens it for whoever is asked for. */
export async function startCommentMarks(): Promise<(subject: string, level: AccessLevel) => Promise<CommentMarksPage>> {
  const folder = await buildPage();
  const serve = async ({ request, response }: onRequestPayload): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(folder, path === '/' ? 'index.html' : path);
    const isThere = existsSync(file);
    response.writeHead(isThere ? 200 : 404, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' });
    response.end(isThere ? readFileSync(file) : '');
    // Tells Hocuspocus that the request is answered.
    throw undefined;
  };
  const auth = new JwtAuth({
    verify: createVerifier({ secret }),
    comments: { types: ['comments'], marks: ['comment'] },
  });
  const server = new Server({ quiet: true, stopOnSignals: false, port: 0, extensions: [auth, { onRequest: serve }] });
  server.configuration.port = 0;
  await server.listen();
  onTestFinished(() => server.destroy());
  const sign = createSigner({ secret });

  return async (subject, level) => {
    const { page } = await openBrowserPage();
    const { token } = sign({ subject, documents: { contract: level } });
    await page.goto(`http://127.0.0.1:${server.address.port}/?token=${token}`);
    const opened: CommentMarksPage = {
      page,
      body: page.locator('#editor .tiptap'),
      threads: page.locator('#threads li'),
      press: (button) => page.getByRole('button', { name: button, exact: true }).click(),
      write: (text) => page.locator('#text').fill(text),
      selectFirstWord: () =>
        page
          .locator('#editor p')
          .first()
          .dblclick({ position: { x: 12, y: 8 } }),
      untilLevel: (expected) => page.locator('#level', { hasText: expected }).waitFor(),
    };
    await opened.untilLevel(level);
    return opened;
  };
}

async function buildPage(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'comment-marks-'));
  onTestFinished(() => rmSync(outDir, { recursive: true, force: true }));
  const root = join(import.meta.dirname, '../../../../packages/editor-demo/test/comment-marks');
  await build({ root, base: './', logLevel: 'error', configFile: false, build: { outDir, emptyOutDir: true } });
  return outDir;
}
