import type { Explanation } from './access.ts';
import type { Decision } from './decision.ts';
import { documentNameProblem } from './document-name.ts';
import type { AccessLevel } from './level.ts';

/** Puts a decision into words. */
export function explain(documentName: string, style: Explanation['style'], decision: Decision): Explanation {
  const { level, decidedBy } = decision;
  const explanation = { documentName, level, style };
  if (decidedBy) {
    const { entry, from } = decidedBy;
    const none = level === undefined ? " as 'none'" : '';
    const message = `${OUTCOMES[level ?? 'none']} ${quote(documentName)}: ${from} lists ${quote(entry)}${none}.`;
    return { ...explanation, decidedBy, message: message + caveat(documentName, level) };
  }
  const because =
    style === 'unscoped' ? 'the token names no documents' : `no entry in the token's ${CLAIMS[style]} matches`;
  const cloud = level === undefined ? '' : ", and the verifier was told to read that as 'write'";
  const message = `${OUTCOMES[level ?? 'none']} ${quote(documentName)}: ${because}${cloud}.`;
  return { ...explanation, message: message + caveat(documentName, level) };
}

/** Patterns know nothing of names that are refused whatever is granted. */
function caveat(documentName: string, level: AccessLevel | undefined): string {
  const problem = level && documentNameProblem(documentName);
  return problem === undefined ? '' : ` But this name ${problem}, and is refused for that.`;
}

const OUTCOMES: Readonly<Record<AccessLevel | 'none', string>> = {
  none: 'No access to',
  read: 'May read',
  comment: 'May read and comment on',
  write: 'May read, comment on and write',
};

const CLAIMS = {
  names: 'lists of document names',
  permissions: 'permissions',
  rooms: 'rooms',
  documents: 'documents',
} as const;

function quote(text: string): string {
  return JSON.stringify(text);
}
