import type { DatabaseSync } from 'node:sqlite';
import { getSchema, type JSONContent } from '@tiptap/core';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { StarterKit } from '@tiptap/starter-kit';
import { prosemirrorJSONToYDoc } from '@tiptap/y-tiptap';
import { seedAccounts } from './accounts.ts';
import { inTransaction } from './database.ts';
import { createDocuments, TIPTAP_FIELD } from './documents.ts';
import { SEED_DOCUMENTS } from './seed-documents.ts';

/** Fills an empty database with the demo accounts and their first documents, once. */
export function seed(database: DatabaseSync): void {
  const isSeeded = inTransaction(database, () => {
    if (database.prepare('SELECT 1 FROM accounts').get()) return true;
    seedAccounts(database);
    return false;
  });
  if (isSeeded) return;
  const documents = createDocuments(database);
  for (const [name, content] of Object.entries(SEED_DOCUMENTS)) documents.store(name, toYDoc(content));
}

const schema = getSchema([StarterKit, TaskList, TaskItem.configure({ nested: true })]);

function toYDoc(content: JSONContent): ReturnType<typeof prosemirrorJSONToYDoc> {
  return prosemirrorJSONToYDoc(schema, content, TIPTAP_FIELD);
}
