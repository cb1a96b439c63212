/**
 * Gives the texts in turn, each time as a new string: the engine keeps the hash of a string that it has seen, and what
 * comes over a wire has never been seen.
 */
export function createTokenPool(tokens: readonly string[]): () => string {
  const encoded = tokens.map((token) => Buffer.from(token, 'latin1'));
  let position = -1;
  return () => {
    position = (position + 1) % encoded.length;
    return encoded[position]?.toString('latin1') ?? '';
  };
}
