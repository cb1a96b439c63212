import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startApp, temporaryFolder } from './support/start-app.ts';

async function builtPage(): Promise<string> {
  const pageDir = await temporaryFolder();
  await mkdir(join(pageDir, 'assets'));
  await writeFile(join(pageDir, 'index.html'), '<!doctype html><title>Two people</title>');
  await writeFile(join(pageDir, 'pane.html'), '<!doctype html><title>Editor</title>');
  await writeFile(join(pageDir, 'assets', 'main-1a2b3c.js'), '1');
  return pageDir;
}

test.each([
  ['', 'Two people'],
  ['/left', 'Editor'],
  ['/right', 'Editor'],
])('at %s/ is "%s", with its assets beside it', async (place, title) => {
  const { url } = await startApp({ pageDir: await builtPage() });
  const page = await fetch(`${url}${place}/`);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain(`<title>${title}</title>`);
  const asset = await fetch(`${url}${place}/assets/main-1a2b3c.js`);
  expect(asset.headers.get('cache-control')).toContain('immutable');
});

test('an asset is sent as the build has compressed it, to whoever takes that', async () => {
  const pageDir = await builtPage();
  const script = `let much = '${'x'.repeat(2000)}'`;
  await writeFile(join(pageDir, 'assets', 'much-4d5e6f.js'), script);
  await writeFile(join(pageDir, 'assets', 'much-4d5e6f.js.gz'), gzipSync(script));
  const { url } = await startApp({ pageDir });
  const ask = (encoding: string) => fetch(`${url}/assets/much-4d5e6f.js`, { headers: { 'accept-encoding': encoding } });
  const [compressed, plain] = [await ask('gzip'), await ask('identity')];
  const encodings = [compressed, plain].map(({ headers }) => headers.get('content-encoding'));
  expect(encodings).toEqual(['gzip', null]);
  for (const answer of [compressed, plain]) {
    expect(answer.headers.get('content-type')).toContain('text/javascript');
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect(await answer.text()).toBe(script);
  }
});

test('a place without its slash leads there, with the query', async () => {
  const { url } = await startApp({ pageDir: await builtPage() });
  const response = await fetch(`${url}/left?as=ada`, { redirect: 'manual' });
  expect(response.headers.get('location')).toBe('/left/?as=ada');
});

test('the page may load nothing from other hosts, and nobody else may frame it', async () => {
  const { url } = await startApp({ pageDir: await builtPage() });
  const { headers } = await fetch(`${url}/`);
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('a page that is not built says how to build it', async () => {
  const { url } = await startApp({ pageDir: await temporaryFolder() });
  const response = await fetch(`${url}/`);
  expect([response.status, await response.text()]).toEqual([503, expect.stringContaining('npm run build')]);
});

test('what is not there is 404', async () => {
  const { url } = await startApp({ pageDir: await builtPage() });
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
  expect((await fetch(`${url}/left/nothing`)).status).toBe(404);
});
