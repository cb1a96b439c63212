import { defineConfig } from 'vitest/config';

/** What mutants of core/ and token/ are held to: the tests that open no socket and measure no time. */
export default defineConfig({
  test: { include: ['test/{core,token}/**/*.test.ts', 'test/hardening/{keys,tokens}.test.ts'], testTimeout: 60_000 },
});
