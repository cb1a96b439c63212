import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Router } from 'express';

/** Where `npm run build` puts the editor page. */
const PAGE_DIR = join(import.meta.dirname, '..', '..', '..', 'packages', 'editor-demo', 'dist');

const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'self'",
    "img-src 'self' data:",
    // Carets and editors set their colours as inline styles.
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join('; '),
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** The editor page: both people at `/`, and one of them at each mount point. All of it shares one set of assets. */
export function pageRoutes(pageDir: string = PAGE_DIR): Router {
  const router = express.Router();

  router.use((req, res, next) => {
    res.set(HEADERS);
    const [path = '', query] = req.originalUrl.split('?');
    if (path !== req.baseUrl) return next();
    res.redirect(308, query === undefined ? `${path}/` : `${path}/?${query}`);
  });
  router.use('/assets', express.static(join(pageDir, 'assets'), { immutable: true, maxAge: '1y' }));
  router.use(express.static(pageDir, { index: false }));
  router.get('/', (req, res) => {
    const page = join(pageDir, req.baseUrl === '' ? 'index.html' : 'pane.html');
    if (existsSync(page)) res.sendFile(page);
    else res.status(503).type('text/plain').send('The page is not built yet: npm run build\n');
  });

  return router;
}
