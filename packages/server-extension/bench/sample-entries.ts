/** Patterns of many lengths, half of them exact names, none the prefix of another; and names that they match. */
export interface SampleEntries {
  entries: string[];
  /** Fresh texts, each time. */
  early: () => string;
  late: () => string;
  never: () => string;
}

/** Where in the list the entry stands that matches. */
export const POSITIONS = ['early', 'late', 'never'] as const;

export function sampleEntries(count: number): SampleEntries {
  const entries = Array.from({ length: count }, (_, i) => toEntry(i));
  const inEntry = (position: number) => (entries[position] ?? '').replace('*', 'minutes of a meeting');
  return {
    entries,
    early: toFresh(inEntry(Math.floor(count / 100))),
    late: toFresh(inEntry(count - 1)),
    never: toFresh('teams/blue/minutes of a meeting'),
  };
}

function toEntry(i: number): string {
  // A number that is spread, so that the order of the list is not the order of the alphabet.
  const mixed = (i * 7_919) % 10_007;
  const path = `team-${mixed}/${'projects/of.this+year/'.repeat(i % 5)}${'x'.repeat(i % 23)}`;
  return i % 2 === 0 ? `${path}/*` : `${path}plan`;
}

/** A new string each time, as one that comes over a wire is. */
function toFresh(name: string): () => string {
  const encoded = Buffer.from(name, 'latin1');
  return () => encoded.toString('latin1');
}
