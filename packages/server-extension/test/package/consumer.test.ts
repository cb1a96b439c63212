import { afterAll, beforeAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { createConsumer, type PackedPackage, packPackage } from '../support/consumer.ts';

const DEPENDENCIES = Object.keys(packageJson.dependencies);
const BROWSER = ['es2023', 'dom', 'dom.iterable'];

/** Each entry, and all that a project must install beside hocuspass to use it. */
const ENTRIES = [
  { entry: 'hocuspass', needs: ['@types/node'], lib: ['es2023'], exports: 'createVerifier' },
  { entry: 'hocuspass/core', needs: [], lib: ['es2023'], exports: 'readAccess' },
  { entry: 'hocuspass/client', needs: ['@hocuspocus/provider'], lib: BROWSER, exports: 'keepAuthenticated' },
  { entry: 'hocuspass/fetch', needs: [], lib: BROWSER, exports: 'createTokenHandler' },
  { entry: 'hocuspass/testing', needs: ['@types/node'], lib: ['es2023'], exports: 'createTestTokens' },
  { entry: 'hocuspass/sqlite', needs: ['@types/node'], lib: ['es2023'], exports: 'sqliteStore' },
  { entry: 'hocuspass/redis', needs: ['@types/node', 'ioredis'], lib: ['es2023'], exports: 'redisStore' },
  {
    entry: 'hocuspass/express',
    needs: ['@types/node', '@types/express', 'express', 'express-rate-limit'],
    lib: ['es2023'],
    exports: 'tokenEndpoint',
  },
  {
    entry: 'hocuspass/hocuspocus',
    needs: ['@types/node', '@hocuspocus/server', 'yjs', 'y-protocols'],
    lib: BROWSER,
    exports: 'JwtAuth',
  },
] as const;

let packed: PackedPackage;
beforeAll(async () => {
  packed = await packPackage();
}, 60_000);
afterAll(() => packed.remove());

test('every entry of the package is tried', () => {
  const entries = Object.keys(packageJson.exports).filter((entry) => entry !== './package.json');
  expect(ENTRIES.map(({ entry }) => entry).toSorted()).toEqual(
    entries.map((entry) => entry.replace(/^\./, 'hocuspass')).toSorted(),
  );
});

test('the package holds what it needs and nothing else', () => {
  const others = packed.files.filter((path) => !/^dist\/.+\.(js|d\.ts)$/.test(path));
  expect(others.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
});

test.each(ENTRIES)(
  '$entry type-checks and runs with only $needs',
  async ({ entry, needs, lib, exports }) => {
    const consumer = await createConsumer(packed, entry, [...DEPENDENCIES, ...needs]);
    const [nodenext, bundler, names] = await Promise.all([
      consumer.typeCheck('nodenext', { lib }),
      consumer.typeCheck('bundler', { lib }),
      consumer.exportedNames(),
    ]);
    expect({ nodenext, bundler }).toEqual({ nodenext: '', bundler: '' });
    expect(names).toContain(exports);
  },
  60_000,
);

test('the client runs with nothing else installed, not even what the package depends on', async () => {
  const consumer = await createConsumer(packed, 'hocuspass/client', []);
  expect(await consumer.exportedNames()).toContain('keepAuthenticated');
});
