import { spawnSync } from 'node:child_process';

// Turborepo's telemetry is switched off here, for every script and every machine.
const { status } = spawnSync('turbo', process.argv.slice(2), {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
});
process.exit(status ?? 1);
