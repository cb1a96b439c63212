import type { DatabaseSync } from 'node:sqlite';
import type { AccessLevel } from 'hocuspass/core';
import { isLevel } from './level.ts';

/** A person who can sign in. */
export interface Account {
  username: string;
  name: string;
  /** What this person may do, in one line. */
  description: string;
}

/** The people, what they may do, and what they own. */
export interface Accounts {
  list(): Account[];
  find(username: string): Account | undefined;
  /** Document name or pattern -> level. */
  rightsOf(username: string): Record<string, AccessLevel>;
  /** Who may share a document: the owner of its first folder. */
  ownerOf(documentName: string): string | undefined;
  /** The folders whose documents this person may share. */
  foldersOf(username: string): string[];
}

/** What is there on first start. Nobody has a password: this is a demo. */
export const DEMO_ACCOUNTS: readonly (Account & { rights: Readonly<Record<string, AccessLevel>>; owns: string[] })[] = [
  {
    username: 'ada',
    name: 'Ada',
    description: 'Writes and owns the team documents',
    rights: { 'ada/*': 'write', 'team/*': 'write' },
    owns: ['ada', 'team'],
  },
  {
    username: 'ben',
    name: 'Ben',
    description: 'Writes with the team, but only reads the handbook',
    rights: { 'ben/*': 'write', 'team/*': 'write', 'team/handbook': 'read' },
    owns: ['ben'],
  },
  {
    username: 'cleo',
    name: 'Cleo',
    description: 'Comments on the team documents',
    rights: { 'team/*': 'comment' },
    owns: ['cleo'],
  },
  {
    username: 'dan',
    name: 'Dan',
    description: 'Reads the team documents',
    rights: { 'team/*': 'read' },
    owns: ['dan'],
  },
  { username: 'eve', name: 'Eve', description: 'Has no access to anything yet', rights: {}, owns: ['eve'] },
];

export function createAccounts(database: DatabaseSync): Accounts {
  const all = database.prepare('SELECT username, name, description FROM accounts ORDER BY username');
  const one = database.prepare('SELECT username, name, description FROM accounts WHERE username = ?');
  const rights = database.prepare('SELECT pattern, level FROM rights WHERE username = ?');
  const owner = database.prepare('SELECT owner FROM folders WHERE name = ?');
  const folders = database.prepare('SELECT name FROM folders WHERE owner = ? ORDER BY name');

  return {
    list: () => all.all().map(toAccount),
    find: (username) => {
      const row = one.get(username);
      return row && toAccount(row);
    },
    rightsOf: (username) => {
      const granted: Record<string, AccessLevel> = {};
      for (const { pattern, level } of rights.all(username)) {
        if (isLevel(level)) granted[String(pattern)] = level;
      }
      return granted;
    },
    ownerOf: (documentName) => {
      const [folder = '', ...rest] = documentName.split('/');
      const row = rest.length > 0 ? owner.get(folder) : undefined;
      return row && String(row.owner);
    },
    foldersOf: (username) => folders.all(username).map(({ name }) => String(name)),
  };
}

/** Adds the demo accounts to an empty database. */
export function seedAccounts(database: DatabaseSync): void {
  const account = database.prepare('INSERT INTO accounts (username, name, description) VALUES (?, ?, ?)');
  const right = database.prepare('INSERT INTO rights (username, pattern, level) VALUES (?, ?, ?)');
  const folder = database.prepare('INSERT INTO folders (name, owner) VALUES (?, ?)');
  for (const { username, name, description, rights, owns } of DEMO_ACCOUNTS) {
    account.run(username, name, description);
    for (const [pattern, level] of Object.entries(rights)) right.run(username, pattern, level);
    for (const name of owns) folder.run(name, username);
  }
}

function toAccount(row: Record<string, unknown>): Account {
  return { username: String(row.username), name: String(row.name), description: String(row.description) };
}
