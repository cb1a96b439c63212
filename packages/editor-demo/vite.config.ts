import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** What a pane imports once it knows who is there: fetched together with the rest, not one after the other. */
const NEEDED_SOON = ['open-document', 'workspace'];

export default defineConfig({
  plugins: [preloadSoon(), compress()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ['index.html', 'pane.html'] },
  },
});

function preloadSoon(): Plugin {
  return {
    name: 'preload-soon',
    transformIndexHtml: (_html, { filename, bundle }) => {
      if (!filename.endsWith('pane.html')) return [];
      const chunks = Object.values(bundle ?? {}).filter(
        ({ type, name = '' }) => type === 'chunk' && NEEDED_SOON.includes(name),
      );
      return chunks.map(({ fileName }) => ({
        tag: 'link',
        attrs: { rel: 'modulepreload', href: `/${fileName}` },
        injectTo: 'head',
      }));
    },
  };
}

/** Beside each script and stylesheet its compressed form, which the server has no need to make then. */
function compress(): Plugin {
  return {
    name: 'compress',
    writeBundle: ({ dir = '' }) => {
      const assets = join(dir, 'assets');
      for (const name of readdirSync(assets).filter((name) => /\.(?:js|css)$/.test(name))) {
        writeFileSync(join(assets, `${name}.gz`), gzipSync(readFileSync(join(assets, name)), { level: 9 }));
      }
    },
  };
}
