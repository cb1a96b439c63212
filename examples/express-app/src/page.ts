import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
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
  router.use('/assets', assetRoutes(join(pageDir, 'assets')));
  router.use(express.static(pageDir, { index: false }));
  router.get('/', (req, res) => {
    const page = join(pageDir, req.baseUrl === '' ? 'index.html' : 'pane.html');
    if (existsSync(page)) res.sendFile(page);
    else res.status(503).type('text/plain').send('The page is not built yet: npm run build\n');
  });

  return router;
}

/** Their names change with their content. The build has put a compressed form beside most of them. */
function assetRoutes(folder: string): Router {
  const router = express.Router();
  const compressed = new Set(existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.gz')) : []);

  router.use((req, res, next) => {
    const name = `${req.path.slice(1)}.gz`;
    if (!compressed.has(name)) return next();
    res.vary('Accept-Encoding');
    if (!req.acceptsEncodings('gzip')) return next();
    res.type(extname(req.path)).set('Content-Encoding', 'gzip');
    req.url = `/${name}`;
    next();
  });
  router.use(express.static(folder, { immutable: true, maxAge: '1y' }));

  return router;
}
