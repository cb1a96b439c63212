/** The address of a document on this page. */
export function toHash(documentName: string): string {
  return `#/${documentName.split('/').map(encodeURIComponent).join('/')}`;
}

/** The document that the address names. */
export function readHash(): string | undefined {
  const text = location.hash.replace(/^#\/?/, '');
  try {
    return decodeURIComponent(text) || undefined;
  } catch {
    return undefined;
  }
}
