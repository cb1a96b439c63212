export { createTestTokens, type TestTokens } from './testing/create-test-tokens.ts';
