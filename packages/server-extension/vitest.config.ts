import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Most tests wait for sockets, timers and processes rather than for the processor.
    maxWorkers: 4,
    coverage: { include: ['src/core/**', 'src/token/**', 'src/revocation/**'] },
  },
});
