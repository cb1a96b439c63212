import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { bytes, toFigure } from '../line.ts';
import type { Row } from '../row.ts';

/** What a page loads: the client entry, bundled and minified. */
export const clientSize: Row = async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/client.ts', import.meta.url))],
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false },
  });
  const sizes = outputFiles.map(({ contents }) => gzipSync(contents).length);
  return [toFigure('client entry, minified and gzipped', sizes, bytes, 2_000)];
};
