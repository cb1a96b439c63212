import { readFileSync, writeFileSync } from 'node:fs';

// Checks package-lock.json. With `--write` it adds what npm leaves out: packages for other systems that the registry
// at hand did not have. Without those, `npm ci` refuses to run, and on those systems the tools would be missing.

interface Locked {
  version?: string;
  resolved?: string;
  optionalDependencies?: Record<string, string>;
  dev?: boolean;
  optional?: boolean;
  cpu?: string[];
  os?: string[];
  libc?: string[];
}

const FILE = 'package-lock.json';
const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(FILE, 'utf8'));
const unlocked = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {}, dev = false }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !isLocked(path, name))
    .map(([name, range]) => ({ name, version: range.replace(/^[~^]/, ''), dev })),
);

if (process.argv.includes('--write')) {
  for (const { name, version, dev } of unlocked) {
    lock.packages[`node_modules/${name}`] = { version, ...systemOf(name), ...(dev ? { dev } : {}), optional: true };
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(FILE, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(`${FILE}: ${unlocked.length} packages for other systems added`);
} else {
  const problems = [
    ...unlocked.map(({ name }) => `${name}, for another system, is not locked: run "npm run lockfile"`),
    ...Object.entries(lock.packages)
      .filter(([, { resolved = '' }]) => resolved.startsWith('http'))
      .map(([path]) => `${path} names a registry: npm's omit-lockfile-registry-resolved is off`),
    ...olderThan('@hocuspocus/server', 4, 7),
    ...olderThan('@hocuspocus/provider', 4, 8),
    ...versionsOf('yjs')
      .slice(1)
      .map((version) => `a second yjs, ${version}: two copies do not understand each other`),
  ];
  for (const problem of problems) console.error(`${FILE}: ${problem}`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

function isLocked(path: string, name: string): boolean {
  const folders = path.split('/node_modules/').map((_, depth, all) => all.slice(0, all.length - depth));
  const places = [...folders.map((parts) => `${parts.join('/node_modules/')}/node_modules/`), 'node_modules/'];
  return places.some((place) => `${place}${name}` in lock.packages);
}

function versionsOf(name: string): string[] {
  return Object.entries(lock.packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .map(([, { version = '' }]) => version);
}

function olderThan(name: string, major: number, minor: number): string[] {
  return versionsOf(name)
    .filter((version) => {
      const [a = 0, b = 0] = version.split('.').map(Number);
      return a < major || (a === major && b < minor);
    })
    .map((version) => `${name} ${version} is older than ${major}.${minor}: lock with the pinned Node`);
}

/** From the names that such packages share: `@biomejs/cli-linux-x64-musl`, `@turbo/windows-64`. */
function systemOf(name: string): Pick<Locked, 'cpu' | 'os' | 'libc'> {
  const words = name.replace(/^@[^/]+\//, '').split(/[-.]/);
  const os = words.find((word) =>
    ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32', 'windows'].includes(word),
  );
  const cpu = words.find((word) => ['64', 'arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'].includes(word));
  if (!os || !cpu) throw new Error(`${name}: for which system?`);
  const libc = words.includes('musl') || words.includes('musleabihf') ? 'musl' : 'glibc';
  return {
    cpu: [cpu === '64' ? 'x64' : cpu],
    os: [os === 'windows' ? 'win32' : os],
    ...(os === 'linux' ? { libc: [libc] } : {}),
  };
}
