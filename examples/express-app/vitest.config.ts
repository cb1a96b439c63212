import { defineConfig } from 'vitest/config';

const TIMES = { testTimeout: 30_000, hookTimeout: 30_000 };
const BROWSER = { globalSetup: 'test/support/shared-browser.ts' };

export default defineConfig({
  test: {
    projects: [
      { test: { ...TIMES, name: 'server', include: ['test/*.test.ts'], maxWorkers: 4, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...TIMES,
          ...BROWSER,
          name: 'browser',
          include: ['test/browser/*.test.ts'],
          exclude: ['test/browser/budgets.test.ts'],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      // Alone: what takes time would be measured with everything else that runs.
      {
        test: {
          ...TIMES,
          ...BROWSER,
          name: 'budgets',
          include: ['test/browser/budgets.test.ts'],
          sequence: { groupOrder: 3 },
        },
      },
      // Last, and one by one: starting them builds the package that the others run on.
      {
        test: {
          ...TIMES,
          ...BROWSER,
          name: 'examples',
          include: ['test/examples/*.test.ts'],
          sequence: { groupOrder: 4 },
          fileParallelism: false,
        },
      },
    ],
  },
});
