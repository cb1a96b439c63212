import { defineConfig } from 'vitest/config';

const TIMES = { testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...TIMES, name: 'server', include: ['test/*.test.ts'] } },
      // After the others: starting them builds the package that the others run on.
      { test: { ...TIMES, name: 'examples', include: ['test/examples/*.test.ts'], sequence: { groupOrder: 1 } } },
      {
        test: {
          ...TIMES,
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          globalSetup: 'test/support/shared-browser.ts',
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
