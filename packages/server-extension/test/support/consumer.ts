import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);
const PACKAGE = join(import.meta.dirname, '../..');
const INSTALLED = [join(PACKAGE, 'node_modules'), join(PACKAGE, '../../node_modules')];
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** The package as it would be published, unpacked; `files` are its paths. */
export interface PackedPackage {
  directory: string;
  files: string[];
  remove(): Promise<void>;
}

export async function packPackage(): Promise<PackedPackage> {
  const root = await mkdtemp(join(tmpdir(), 'hocuspass-packed-'));
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', root], { cwd: PACKAGE });
  const tarball = packed.stdout.trim().split('\n').at(-1) ?? '';
  await run('tar', ['-xzf', tarball], { cwd: root });
  const { stdout } = await run('tar', ['-tzf', tarball], { cwd: root });
  return {
    directory: join(root, 'package'),
    files: stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, '')),
    remove: () => rm(root, { recursive: true }),
  };
}

export interface Consumer {
  /** What the compiler has to say; empty when all is well. */
  typeCheck(moduleResolution: 'nodenext' | 'bundler', options: { lib: readonly string[] }): Promise<string>;
  /** The names that the entry exports when it runs. */
  exportedNames(): Promise<string[]>;
}

/** A project that uses one entry of the package and has installed nothing but `packages`; it lasts as long as the test. */
export async function createConsumer(
  packed: PackedPackage,
  entry: string,
  packages: readonly string[],
): Promise<Consumer> {
  const project = await mkdtemp(join(tmpdir(), 'hocuspass-consumer-'));
  onTestFinished(() => rm(project, { recursive: true }));
  // A copy, not a link: what it imports is looked up in this project.
  await cp(packed.directory, join(project, 'node_modules/hocuspass'), { recursive: true });
  for (const name of packages) await link(name, join(project, 'node_modules', name));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  await writeFile(
    join(project, 'index.ts'),
    `import * as entry from '${entry}';\nexport const names: string[] = Object.keys(entry);\n`,
  );

  return {
    async typeCheck(moduleResolution, { lib }) {
      const config = `tsconfig.${moduleResolution}.json`;
      const compilerOptions = {
        module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
        moduleResolution,
        target: 'es2023',
        lib,
        types: packages.includes('@types/node') ? ['node'] : [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      await writeFile(join(project, config), JSON.stringify({ compilerOptions, files: ['index.ts'] }));
      return run(process.execPath, [TSC, '-p', config, '--pretty', 'false'], { cwd: project }).then(
        () => '',
        ({ stdout }: { stdout: string }) => stdout,
      );
    },
    async exportedNames() {
      const program = `console.log(JSON.stringify(Object.keys(await import('${entry}'))))`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: project });
      return JSON.parse(stdout);
    },
  };
}

async function link(name: string, path: string): Promise<void> {
  const target = INSTALLED.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
  if (!target) throw new Error(`${name} is not installed`);
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, 'junction');
}
