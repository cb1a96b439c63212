import type { DatabaseSync } from 'node:sqlite';
import { getSchema, type JSONContent } from '@tiptap/core';
import { TaskItem, TaskList } from '@tiptap/extension-list';
import { StarterKit } from '@tiptap/starter-kit';
import { prosemirrorJSONToYDoc } from '@tiptap/y-tiptap';
import diary from 'editor-demo/seed/diary.json' with { type: 'json' };
import handbook from 'editor-demo/seed/handbook.json' with { type: 'json' };
import ideas from 'editor-demo/seed/ideas.json' with { type: 'json' };
import plan from 'editor-demo/seed/plan.json' with { type: 'json' };
import type { Doc } from 'yjs';
import { seedAccounts } from './accounts.ts';
import { inTransaction } from './database.ts';
import { createDocuments, TIPTAP_FIELD } from './documents.ts';

/** The first documents, as Tiptap JSON. They explain the product that they demonstrate. */
const DOCUMENTS: Readonly<Record<string, JSONContent>> = {
  'team/handbook': handbook,
  'team/plan': plan,
  'ada/diary': diary,
  'ben/ideas': ideas,
};

/** Fills an empty database with the demo accounts and their first documents, once. */
export function seed(database: DatabaseSync): void {
  const documents = createDocuments(database);
  inTransaction(database, () => {
    if (database.prepare('SELECT 1 FROM accounts').get()) return;
    seedAccounts(database);
    for (const [name, content] of Object.entries(DOCUMENTS)) documents.store(name, toYDoc(content));
  });
}

function toYDoc(content: JSONContent): Doc {
  const schema = getSchema([StarterKit, TaskList, TaskItem.configure({ nested: true })]);
  return prosemirrorJSONToYDoc(schema, content, TIPTAP_FIELD);
}
