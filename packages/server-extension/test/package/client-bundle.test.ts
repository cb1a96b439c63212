import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const { outputFiles, metafile } = await build({
  entryPoints: [join(import.meta.dirname, '../../src/client.ts')],
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  write: false,
  metafile: true,
});

test('the client entry is under 2 kB', () => {
  const [{ contents } = { contents: new Uint8Array() }] = outputFiles;
  expect(contents.length).toBeGreaterThan(0);
  expect(gzipSync(contents).length).toBeLessThan(2_000);
});

test('the client entry reaches no code but its own and core', () => {
  const outside = Object.keys(metafile.inputs).filter(
    (path) => !/(?:^|\/)src\/(?:client\.ts$|client\/|core\/)/.test(path),
  );
  expect(outside).toEqual([]);
});
