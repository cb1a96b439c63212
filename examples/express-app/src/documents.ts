import type { DatabaseSync } from 'node:sqlite';
import type { Extension, Hocuspocus } from '@hocuspocus/server';
import { yDocToProsemirrorJSON } from '@tiptap/y-tiptap';
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';
import { inTransaction } from './database.ts';

/** The Yjs field that Tiptap's Collaboration extension writes to. */
export const TIPTAP_FIELD = 'default';

/** The stored documents. */
export interface Documents {
  names(): string[];
  /** Puts what is stored into a document; false if nothing is. */
  loadInto(name: string, document: Doc): boolean;
  store(name: string, document: Doc): void;
}

export function createDocuments(database: DatabaseSync): Documents {
  const names = database.prepare('SELECT name FROM documents');
  const select = database.prepare('SELECT state FROM documents WHERE name = ?');
  const upsert = database.prepare(
    'INSERT INTO documents (name, state) VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state',
  );
  const loadInto: Documents['loadInto'] = (name, document) => {
    const state = select.get(name)?.state;
    if (!(state instanceof Uint8Array)) return false;
    applyUpdate(document, state, { source: 'local', skipStoreHooks: true });
    return true;
  };

  return {
    names: () => names.all().map(({ name }) => String(name)),
    loadInto,
    store: (name, document) =>
      inTransaction(database, () => {
        // A server that shares the database may have stored edits that are still on their way to this one.
        loadInto(name, document);
        upsert.run(name, encodeStateAsUpdate(document));
      }),
  };
}

/** Keeps what Hocuspocus holds in the database. */
export function documentStorage(documents: Documents): Extension {
  return {
    extensionName: 'document-storage',
    onLoadDocument: async ({ documentName, document }) => {
      documents.loadInto(documentName, document);
    },
    onStoreDocument: async ({ documentName, document }) => documents.store(documentName, document),
  };
}

/** What is stored or open right now, in alphabetical order. */
export function documentNames(documents: Documents, hocuspocus: Hocuspocus): string[] {
  return [...new Set([...documents.names(), ...hocuspocus.documents.keys()])].sort();
}

/** The document as Tiptap JSON: as people see it right now, else as it was stored; `undefined` if there is none. */
export function documentContent(documents: Documents, hocuspocus: Hocuspocus, name: string): unknown {
  const live = hocuspocus.documents.get(name);
  if (live) return yDocToProsemirrorJSON(live, TIPTAP_FIELD);
  const stored = new Doc();
  return documents.loadInto(name, stored) ? yDocToProsemirrorJSON(stored, TIPTAP_FIELD) : undefined;
}
