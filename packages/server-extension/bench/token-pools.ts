/**
 * Gives each contender the texts in turn, from the first, each time as a new string: the engine keeps the hash of a
 * string that it has seen, and what comes over a wire has never been seen.
 */
export function createTokenPools(tokens: readonly string[]): () => () => string {
  const encoded = tokens.map((token) => Buffer.from(token, 'latin1'));
  return () => {
    let position = -1;
    return () => {
      position = (position + 1) % encoded.length;
      return encoded[position]?.toString('latin1') ?? '';
    };
  };
}
