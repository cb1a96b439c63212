/** A line of a Redis stream. */
export interface Line {
  id: string;
  text: unknown;
}

/** Reads what Redis answers about a stream: `[[id, [field, text]], …]`, or nothing. Throws if it is anything else. */
export function parseLines(reply: unknown): Line[] {
  if (reply === null) return [];
  if (!Array.isArray(reply)) throw new TypeError('Redis answered something else than lines of a stream');
  return reply.map(parseLine);
}

function parseLine(line: unknown): Line {
  if (Array.isArray(line)) {
    const [id, fields] = line;
    // A line that somebody else wrote has other fields: its text is for parseEntry to judge.
    if (typeof id === 'string' && Array.isArray(fields)) return { id, text: fields[1] };
  }
  throw new TypeError('Redis answered something else than lines of a stream');
}
