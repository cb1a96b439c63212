import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const tests = join(import.meta.dirname, '..');
const page = readFileSync(join(tests, '../../../docs/security.md'), 'utf8');

/** Everything that the files of a name such as `hardening/tokens` hold. */
function textOf(name: string): string {
  const [folder = '', file = ''] = name.split('/');
  const files = readdirSync(join(tests, folder)).filter((entry) => entry === `${file}.test.ts`);
  return files.map((entry) => readFileSync(join(tests, folder, entry), 'utf8')).join();
}

test('every test that the security page names exists under that name', () => {
  const cells = [...page.matchAll(/`((?!test\/)[a-z-]+\/[a-z-]+)`((?:[:,] "[^"]+")*)/g)];
  expect(cells.length).toBeGreaterThan(25);
  for (const [, name = '', quoted = ''] of cells) {
    const text = textOf(name);
    expect(text, name).not.toBe('');
    for (const [, title = ''] of quoted.matchAll(/"([^"]+)"/g)) expect(text, name).toContain(title.replace(/ …$/, ''));
  }
});
