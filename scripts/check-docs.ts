import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

// Type-checks every ```ts block of the documentation against the built package, beside scripts/docs-prelude.d.ts.
// Also checks that links between pages lead somewhere. A block keeps its place: line 40 of a page is line 40 of the file that is checked.

const PAGES = globSync(['README.md', 'docs/**/*.md', 'packages/editor-demo/README.md', 'examples/*/README.md']);
const FOLDER = 'packages/server-extension/reports/docs';

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });

const pageOf = new Map<string, string>();
for (const page of PAGES) {
  for (const { line, code } of blocksOf(readFileSync(page, 'utf8'))) {
    const file = `${page.replaceAll(/[^\w]+/g, '-')}-${line}.ts`;
    writeFileSync(join(FOLDER, file), `${'\n'.repeat(line)}${code}export {};\n`);
    pageOf.set(file, page);
  }
}

const config = {
  extends: '../../../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    isolatedDeclarations: false,
    declaration: false,
    declarationMap: false,
    lib: ['es2024', 'dom', 'dom.iterable'],
  },
  files: ['../../../../scripts/docs-prelude.d.ts', ...pageOf.keys()],
};
writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config, undefined, 2));

const { status, stdout } = spawnSync('tsc', ['-p', FOLDER, '--pretty', 'false'], { encoding: 'utf8' });
const toPage = (text: string) =>
  text.replaceAll(/^\S*?([\w-]+\.ts)\((\d+),(\d+)\)/gm, (whole, file: string, line: string, column: string) => {
    const page = pageOf.get(file);
    return page ? `${page}:${line}:${column}` : whole;
  });
process.stderr.write(toPage(stdout));

// Links to files of this repository must lead somewhere.
const broken = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)|(?:src|srcset)="([^"]+)"/g)]
    .map(([, link = '', image = '']) => link || image)
    .filter((target) => !existsSync(join(dirname(page), target)))
    .map((target) => `${page}: nothing at ${target}`),
);
for (const problem of broken) console.error(problem);
console.log(`${pageOf.size} code blocks on ${new Set(pageOf.values()).size} pages`);
process.exitCode = broken.length > 0 ? 1 : (status ?? 1);

/** `line` counts from 0 and is the first line of the code. */
function blocksOf(text: string): { line: number; code: string }[] {
  return [...text.matchAll(/^```ts\b[^\n]*\n([\s\S]*?)^```$/gm)].map(({ index, 0: fence, 1: code = '' }) => ({
    line: text.slice(0, index + fence.indexOf('\n') + 1).split('\n').length - 1,
    code,
  }));
}
