import type { Explanation } from './access.ts';

/** What one claim says about one document, and the entry that says so. */
export type Decision = Pick<Explanation, 'level' | 'decidedBy'>;

/** Reads a decision off claims that were parsed before. */
export type Decide = (documentName: string) => Decision;

/** No entry matches, and that grants nothing. */
export const NOTHING: Decision = { level: undefined };

/** No entry matches, and the verifier was created with `unscoped: 'write'`. */
export const UNSCOPED_WRITE: Decision = { level: 'write' };
