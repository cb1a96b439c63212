import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { expect, test } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

/** What each folder may import: other folders, and packages. `type` allows `import type` alone. */
const LAYERS: Readonly<
  Record<string, { folders: readonly string[]; packages: readonly (string | RegExp)[]; types?: readonly string[] }>
> = {
  core: { folders: [], packages: [] },
  client: { folders: ['core'], packages: [], types: ['@hocuspocus/provider'] },
  revocation: { folders: ['core'], packages: [/^node:/], types: ['ioredis'] },
  token: { folders: ['core', 'revocation'], packages: [/^node:/, 'jsonwebtoken', 'jwa', 'jose', 'lru-cache'] },
  http: { folders: ['core', 'token', 'revocation'], packages: [/^node:/] },
  fetch: { folders: ['core', 'token', 'revocation', 'http'], packages: [] },
  express: {
    folders: ['core', 'token', 'revocation', 'http'],
    packages: [/^node:/, 'express-rate-limit'],
    types: ['express'],
  },
  hocuspocus: {
    folders: ['core', 'token', 'revocation'],
    packages: [/^node:/, '@hocuspocus/server', 'yjs', /^y-protocols\//],
  },
  testing: { folders: ['core', 'token', 'revocation'], packages: [/^node:/] },
};

/** What each entry may re-export from; an entry holds nothing of its own. */
const ENTRIES: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['core', 'token', 'revocation', 'core.ts'],
  'core.ts': ['core'],
  'client.ts': ['client', 'core'],
  'hocuspocus.ts': ['hocuspocus'],
  'express.ts': ['express', 'http'],
  'fetch.ts': ['fetch', 'http'],
  'redis.ts': ['revocation'],
  'sqlite.ts': ['revocation'],
  'testing.ts': ['testing'],
};

interface Import {
  file: string;
  folder: string;
  specifier: string;
  /** The folder or entry that it leads to, where it is one of ours. */
  to: string | undefined;
  typeOnly: boolean;
}

const imports = await readImports();

test('every folder and entry has its place', () => {
  expect(new Set(imports.map(({ folder }) => folder))).toEqual(
    new Set([...Object.keys(LAYERS), ...Object.keys(ENTRIES)]),
  );
});

test.each(Object.entries(LAYERS))('%s imports only from the layers below it', (folder, { folders }) => {
  const wrong = imports.filter((one) => one.folder === folder && one.to !== undefined && one.to !== folder);
  expect(wrong.filter(({ to = '' }) => !folders.includes(to)).map(toLine)).toEqual([]);
});

test.each(Object.entries(LAYERS))(
  '%s imports only the packages that are its business',
  (folder, { packages, types = [] }) => {
    const fromOutside = imports.filter((one) => one.folder === folder && one.to === undefined);
    const wrong = fromOutside.filter(
      ({ specifier, typeOnly }) =>
        !packages.some((allowed) => (typeof allowed === 'string' ? allowed === specifier : allowed.test(specifier))) &&
        !(typeOnly && types.includes(specifier)),
    );
    expect(wrong.map(toLine)).toEqual([]);
  },
);

test.each(Object.entries(ENTRIES))('%s is named re-exports only', (entry, sources) => {
  const wrong = imports.filter(({ folder, to = '' }) => folder === entry && !sources.includes(to));
  expect(wrong.map(toLine)).toEqual([]);
  const rest = readFileSync(join(SRC, entry), 'utf8')
    .replace(/export (?:type )?\{[^}]*\} from '[^']+';/g, '')
    .replace(/^\/\/.*$/gm, '');
  expect(rest.trim()).toBe('');
});

async function readImports(): Promise<Import[]> {
  const found: Import[] = [];
  for await (const file of glob('**/*.ts', { cwd: SRC })) {
    const source = readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const statements = source.matchAll(
      /^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s+)?'([^']+)';$|import\('([^']+)'\)/gm,
    );
    for (const [, type, declared, dynamic] of statements) {
      const specifier = declared ?? dynamic ?? '';
      const path = relative(SRC, join(SRC, dirname(file), specifier));
      found.push({
        file,
        folder: topOf(file),
        specifier,
        to: specifier.startsWith('.') ? topOf(path) : undefined,
        typeOnly: type !== undefined,
      });
    }
  }
  return found;
}

function topOf(path: string): string {
  return path.split(sep)[0] ?? '';
}

function toLine({ file, specifier, typeOnly }: Import): string {
  return `${file}: import${typeOnly ? ' type' : ''} from '${specifier}'`;
}
