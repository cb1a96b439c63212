export { sqliteStore } from './revocation/sqlite-store.ts';
