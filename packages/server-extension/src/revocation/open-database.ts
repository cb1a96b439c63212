import { DatabaseSync } from 'node:sqlite';

const SQLITE_BUSY = 5;
/** A clock that is set back must not bring back what was withdrawn. */
const CLOCK_DIFFERENCE = 3_600_000;
const PATIENCE = 2_000;
const PAUSE = new Int32Array(new SharedArrayBuffer(4));

const SCHEMA = `
  PRAGMA busy_timeout = 500;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS hocuspass_revocations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, at REAL NOT NULL, until REAL NOT NULL, entry TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS hocuspass_revocations_target ON hocuspass_revocations (target);
  CREATE INDEX IF NOT EXISTS hocuspass_revocations_until ON hocuspass_revocations (until);
  CREATE TRIGGER IF NOT EXISTS hocuspass_revocations_forget AFTER INSERT ON hocuspass_revocations BEGIN
    DELETE FROM hocuspass_revocations WHERE until < NEW.at - ${CLOCK_DIFFERENCE};
    DELETE FROM hocuspass_revocations WHERE target = NEW.target AND at <= NEW.at AND until <= NEW.until AND id < NEW.id;
  END;
`;

/** Opens the file, and creates what is missing in it. */
export function openDatabase(path: string): DatabaseSync {
  try {
    return open(path);
  } catch (cause) {
    throw new Error(`sqliteStore: ${path} cannot be opened: ${Object(cause).message}`, { cause });
  }
}

function open(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    createSchema(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Where several processes open a new file at once, SQLite does not wait for the one that changes the journal mode. */
function createSchema(database: DatabaseSync): void {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      database.exec(SCHEMA);
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      Atomics.wait(PAUSE, 0, 0, 10 + Math.random() * 20);
    }
  }
}

function isBusy(error: unknown): boolean {
  // The low byte is the code, the others tell its kinds apart.
  return (Number(Reflect.get(Object(error), 'errcode')) & 0xff) === SQLITE_BUSY;
}
