import { type Decide, NOTHING } from './decision.ts';
import { type AccessLevel, isAccessLevel } from './level.ts';
import { malformed } from './malformed.ts';
import { isPattern } from './pattern.ts';
import { PatternList } from './pattern-list.ts';
import { isRecord } from './record.ts';

/** Reads the documents style: of all entries that match, the most specific decides. */
export function readDocuments(documents: unknown): Decide {
  if (!isRecord(documents)) throw malformed('documents is not an object');
  const levels = new Map<string, AccessLevel | undefined>();
  for (const pattern of Object.keys(documents)) {
    if (!isPattern(pattern)) throw malformed('documents has a name that is not a pattern');
    levels.set(pattern, parseLevel(documents[pattern]));
  }
  const patterns = new PatternList([...levels.keys()]);
  return (documentName) => {
    const entry = patterns.match(documentName);
    return entry === undefined ? NOTHING : { level: levels.get(entry), decidedBy: { entry, from: 'documents' } };
  };
}

function parseLevel(value: unknown): AccessLevel | undefined {
  if (value === 'none') return undefined;
  if (!isAccessLevel(value)) throw malformed('documents holds an unknown level');
  return value;
}
