/** Pattern matching as the text describes it, character by character: slow, and written without a look at the product. */
export function naiveMatches(pattern: string, name: string): boolean {
  let position = 0;
  for (; position < pattern.length; position += 1) {
    if (pattern[position] === '*') return true;
    if (position >= name.length || pattern[position] !== name[position]) return false;
  }
  return position === name.length;
}

/** The most specific pattern that matches: the exact name, else the longest. */
export function naiveMostSpecific(patterns: readonly string[], name: string): string | undefined {
  const matching = patterns.filter((pattern) => naiveMatches(pattern, name));
  if (matching.includes(name) && !name.endsWith('*')) return name;
  return matching.sort((a, b) => b.length - a.length)[0];
}
