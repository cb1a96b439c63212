import { keyOf } from './live-entries.ts';
import { openDatabase } from './open-database.ts';
import { parseEntry } from './parse-entry.ts';
import type { RevocationStore } from './revocation-store.ts';

const POLL = 250;
const PAGE = 1_000;

/**
 * Keeps revocations in a SQLite file: one machine, survives restarts, crashes and power cuts. Processes that open the
 * same file see each other's within a quarter of a second. The file must lie on a local disk. Throws if it cannot be
 * opened.
 *
 * @example
 * const revocations = createRevocations({ store: sqliteStore('revocations.db') });
 */
export function sqliteStore(path: string): RevocationStore {
  if (typeof path !== 'string' || path === '') throw new TypeError('sqliteStore: the path must be a text, not empty');
  const database = openDatabase(path);
  const insert = database.prepare('INSERT INTO hocuspass_revocations (target, at, until, entry) VALUES (?, ?, ?, ?)');
  const select = database.prepare(
    `SELECT id, at, entry FROM hocuspass_revocations WHERE id > ? ORDER BY id LIMIT ${PAGE}`,
  );
  const followers = new Map<() => void, NodeJS.Timeout>();
  let closed = false;

  return {
    async append(entry) {
      insert.run(keyOf(entry), entry.at, entry.until, JSON.stringify(entry));
      for (const read of followers.keys()) read();
    },
    follow(_from, onEntry, onState) {
      let position = 0;
      let state: 'current' | 'lost' | undefined;
      const enter = (next: 'current' | 'lost') => {
        if (next === state) return;
        state = next;
        onState(next);
      };
      const readPage = () => {
        const rows = select.all(position);
        for (const { id, at, entry } of rows) {
          // Before the entry is told: whoever hears it may append another.
          position = Number(id);
          onEntry(parseEntry(entry, Number(at)));
        }
        return rows.length;
      };
      const read = () => {
        try {
          while (readPage() === PAGE);
          enter('current');
        } catch {
          // Whatever comes back may not be what was there: it is read from its start.
          position = 0;
          enter('lost');
        }
      };
      followers.set(read, setInterval(read, POLL).unref());
      read();
      return () => {
        clearInterval(followers.get(read));
        followers.delete(read);
      };
    },
    async close() {
      for (const timer of followers.values()) clearInterval(timer);
      followers.clear();
      if (!closed) database.close();
      closed = true;
    },
  };
}
