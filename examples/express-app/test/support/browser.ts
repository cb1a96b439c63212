import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { LaunchOptions } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** How to start Chromium: `CHROMIUM_PATH`, else one that is installed, else (or with `BROWSER=npm`) the one from npm. */
export async function launchOptions(): Promise<LaunchOptions> {
  const executablePath = process.env.BROWSER === 'npm' ? undefined : process.env.CHROMIUM_PATH || installedChromium();
  if (executablePath) return { executablePath, args: ARGUMENTS };
  if (process.platform === 'linux') return chromiumFromNpm();
  return { channel: 'chrome', args: ARGUMENTS };
}

function installedChromium(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = folders.flatMap((folder) => PROGRAMS.map((program) => join(folder, program)));
  return paths.find((path) => existsSync(path));
}

async function chromiumFromNpm(): Promise<LaunchOptions> {
  const { default: packaged, inflate } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  // The libraries that a bare machine lacks come with it, too.
  const { resolve } = createRequire(import.meta.url);
  await inflate(join(dirname(resolve('@sparticuz/chromium')), '..', 'bin', 'al2023.tar.br'));
  const libraries = join(tmpdir(), 'al2023', 'lib');
  return { executablePath, args: ARGUMENTS, env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}
