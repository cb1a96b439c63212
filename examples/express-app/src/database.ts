import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const TABLES = `
  CREATE TABLE IF NOT EXISTS accounts (username TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS rights (
    username TEXT NOT NULL REFERENCES accounts, pattern TEXT NOT NULL, level TEXT NOT NULL,
    PRIMARY KEY (username, pattern)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS folders (name TEXT PRIMARY KEY, owner TEXT NOT NULL REFERENCES accounts) STRICT;
  CREATE TABLE IF NOT EXISTS shares (
    document TEXT NOT NULL, subject TEXT NOT NULL REFERENCES accounts, level TEXT NOT NULL,
    PRIMARY KEY (document, subject)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, cookie_hash TEXT NOT NULL UNIQUE, username TEXT NOT NULL REFERENCES accounts,
    ends_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, state BLOB NOT NULL) STRICT;
`;

/** Opens the app's database; several servers on one machine may share it. */
export function openDatabase(dataDir: string): DatabaseSync {
  mkdirSync(dataDir, { recursive: true });
  const database = new DatabaseSync(join(dataDir, 'app.db'));
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL;');
  patiently(() => database.exec('PRAGMA journal_mode = WAL;'));
  database.exec(TABLES);
  return database;
}

/** Runs `work` all or nothing, and alone among the servers that share the database; part of a transaction in one. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  if (database.isTransaction) return work();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Servers that start together make the file together, and SQLite does not wait for the others when its mode is set. */
function patiently(run: () => void, attempts = 40): void {
  try {
    run();
  } catch (error) {
    if (attempts === 0) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    patiently(run, attempts - 1);
  }
}
