import { defineConfig, type Plugin } from 'vite';

/** What a pane imports once it knows who is there: fetched together with the rest, not one after the other. */
const NEEDED_SOON = ['open-document', 'workspace'];

export default defineConfig({
  plugins: [preloadSoon()],
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
