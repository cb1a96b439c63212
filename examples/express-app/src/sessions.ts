import { createHash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

const LIFETIME_SECONDS = 30 * 24 * 60 * 60;

/** One login of one person, in one browser. */
export interface Session {
  /** Goes into tokens as `sid`; knowing it signs nobody in. */
  id: string;
  username: string;
}

/** Who is signed in. Kept in the database, so that a restart signs nobody out. */
export interface Sessions {
  /** Signs a person in; the cookie is the only proof, and is stored as a hash. */
  start(username: string): Session & { cookie: string; lifetimeSeconds: number };
  find(cookie: string): Session | undefined;
  end(id: string): void;
  endAll(username: string): void;
}

export function createSessions(database: DatabaseSync): Sessions {
  const insert = database.prepare('INSERT INTO sessions (id, cookie_hash, username, ends_at) VALUES (?, ?, ?, ?)');
  const select = database.prepare('SELECT id, username FROM sessions WHERE cookie_hash = ? AND ends_at > ?');
  const remove = database.prepare('DELETE FROM sessions WHERE id = ?');
  const removeAll = database.prepare('DELETE FROM sessions WHERE username = ?');
  const removeEnded = database.prepare('DELETE FROM sessions WHERE ends_at <= ?');

  return {
    start: (username) => {
      removeEnded.run(seconds());
      const id = randomBytes(16).toString('base64url');
      const cookie = randomBytes(32).toString('base64url');
      insert.run(id, hash(cookie), username, seconds() + LIFETIME_SECONDS);
      return { id, username, cookie, lifetimeSeconds: LIFETIME_SECONDS };
    },
    find: (cookie) => {
      const row = select.get(hash(cookie), seconds());
      return row && { id: String(row.id), username: String(row.username) };
    },
    end: (id) => {
      remove.run(id);
    },
    endAll: (username) => {
      removeAll.run(username);
    },
  };
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function hash(cookie: string): string {
  return createHash('sha256').update(cookie).digest('base64url');
}
