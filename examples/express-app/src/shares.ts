import type { DatabaseSync } from 'node:sqlite';
import type { AccessLevel } from 'hocuspass/core';
import { isLevel } from './level.ts';

/** What an owner decided about one person in one document; `none` takes away what a pattern would give. */
export interface Share {
  document: string;
  subject: string;
  level: AccessLevel | 'none';
}

/** The owners' decisions. They stand above the rights of the accounts. */
export interface Shares {
  set(share: Share): void;
  find(document: string, subject: string): Share | undefined;
  inDocument(document: string): Share[];
  withSubject(subject: string): Share[];
}

export function createShares(database: DatabaseSync): Shares {
  const upsert = database.prepare(
    'INSERT INTO shares (document, subject, level) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET level = excluded.level',
  );
  const one = database.prepare('SELECT * FROM shares WHERE document = ? AND subject = ?');
  const byDocument = database.prepare('SELECT * FROM shares WHERE document = ? ORDER BY subject');
  const bySubject = database.prepare('SELECT * FROM shares WHERE subject = ? ORDER BY document');

  return {
    set: ({ document, subject, level }) => {
      upsert.run(document, subject, level);
    },
    find: (document, subject) => {
      const row = one.get(document, subject);
      return row && toShare(row);
    },
    inDocument: (document) => byDocument.all(document).map(toShare),
    withSubject: (subject) => bySubject.all(subject).map(toShare),
  };
}

function toShare(row: Record<string, unknown>): Share {
  const level = isLevel(row.level) ? row.level : 'none';
  return { document: String(row.document), subject: String(row.subject), level };
}
