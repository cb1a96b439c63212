import { type Decide, type Decision, NOTHING } from './decision.ts';
import { parsePatterns } from './parse-patterns.ts';

const LISTS = [
  ['commentDocumentNames', 'comment'],
  ['readonlyDocumentNames', 'read'],
  ['allowedDocumentNames', 'write'],
] as const;

/** The claims of the names style. */
export const NAMES_CLAIMS: readonly string[] = LISTS.map(([claim]) => claim);

/**
 * Reads the names style. The first list that names a document decides: being listed for comments or reading takes
 * writing away. `fallback` is for documents on no list, where `allowedDocumentNames` is absent.
 */
export function readNames(payload: Readonly<Record<string, unknown>>, fallback: Decision): Decide {
  const lists = LISTS.filter(([claim]) => Object.hasOwn(payload, claim)).map(([claim, level]) => {
    return { claim, level, patterns: parsePatterns(claim, payload[claim]) };
  });
  const otherwise = Object.hasOwn(payload, 'allowedDocumentNames') ? NOTHING : fallback;
  return (documentName) => {
    for (const { claim, level, patterns } of lists) {
      const entry = patterns.match(documentName);
      if (entry !== undefined) return { level, decidedBy: { entry, from: claim } };
    }
    return otherwise;
  };
}
