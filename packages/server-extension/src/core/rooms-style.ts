import { type Decide, NOTHING } from './decision.ts';
import { malformed } from './malformed.ts';
import { parsePatterns } from './parse-patterns.ts';

const DESCRIPTIVE = ['role', 'name'];

/** Reads the rooms style, `permissions: { rooms: ['document-*'] }`: every pattern grants `write`. */
export function readRooms(permissions: Readonly<Record<string, unknown>>): Decide {
  for (const [key, value] of Object.entries(permissions)) {
    if (key === 'rooms' || (DESCRIPTIVE.includes(key) && typeof value === 'string')) continue;
    throw malformed('permissions has something beside rooms that is not understood');
  }
  const patterns = parsePatterns('permissions.rooms', permissions.rooms);
  return (documentName) => {
    const entry = patterns.match(documentName);
    return entry === undefined ? NOTHING : { level: 'write', decidedBy: { entry, from: 'permissions' } };
  };
}
