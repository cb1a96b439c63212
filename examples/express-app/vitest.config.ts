import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'server', include: ['test/*.test.ts'], testTimeout: 20_000, hookTimeout: 30_000 } },
      {
        test: {
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          globalSetup: 'test/support/shared-browser.ts',
          testTimeout: 40_000,
          hookTimeout: 40_000,
        },
      },
    ],
  },
});
