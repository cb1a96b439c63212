import type { AccessLevel } from './level.ts';

/** What a token grants, document by document. */
export interface Access {
  /** The level of one document; `undefined` where nothing is granted. */
  levelFor(documentName: string): AccessLevel | undefined;
  /** The names among these that are granted at least at `level`, in their order. @default 'read' */
  filter(documentNames: readonly string[], level?: AccessLevel): string[];
  /** Why a document has its level: the entry that decided, and one plain sentence. */
  explain(documentName: string): Explanation;
}

/** Why a document has its level, in the words that demo, docs and logs share. */
export interface Explanation {
  documentName: string;
  level: AccessLevel | undefined;
  /** Which of the four claim styles the token uses; `unscoped` where it names no documents. */
  style: 'names' | 'permissions' | 'rooms' | 'documents' | 'unscoped';
  /** The pattern that decided, and the claim that held it. Absent where no entry matches. */
  decidedBy?: { entry: string; from: string } | undefined;
  /** One plain sentence. */
  message: string;
}
