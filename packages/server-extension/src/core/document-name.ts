const MAX_BYTES = 512;

/**
 * What is wrong with a document name, as the end of a sentence ("is empty"); `undefined` if it is permitted. Refused is
 * what some store, log or protocol would read as another name.
 */
export function documentNameProblem(documentName: string): string | undefined {
  if (typeof documentName !== 'string') return 'is not a text';
  if (documentName === '') return 'is empty';
  if (isTooLong(documentName)) return `is longer than ${MAX_BYTES} bytes`;
  for (const [pattern, problem] of PROBLEMS) if (pattern.test(documentName)) return problem;
  // Hocuspocus closes the whole socket on names such as __proto__.
  if (documentName in Object.prototype) return 'is a name that every JavaScript object already has';
  return undefined;
}

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Surrogate}\ufffd]/u, 'is not valid Unicode text'],
  [/[\p{Control}\p{Format}\u2028\u2029]/u, 'contains control or invisible format characters'],
  [/^\s|\s$/u, 'begins or ends with white space'],
  [/\*/u, 'contains *'],
  [/(?:^|\/)\.\.?(?:\/|$)/u, 'contains a segment that is . or ..'],
];

function isTooLong(documentName: string): boolean {
  if (documentName.length > MAX_BYTES) return true;
  // No code unit needs more than three bytes.
  return documentName.length * 3 > MAX_BYTES && new TextEncoder().encode(documentName).length > MAX_BYTES;
}
