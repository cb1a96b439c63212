import { parseTarget } from './parse-target.ts';
import type { RevocationEntry } from './revocation-store.ts';

/**
 * Reads a line of the log. A line that cannot be read may have withdrawn anything, from anybody: it becomes an entry
 * that withdraws every token issued up to `writtenAt`, so that all are asked for a fresh one.
 */
export function parseEntry(line: unknown, writtenAt: number): RevocationEntry {
  try {
    const { kind, target, at, until } = JSON.parse(String(line));
    if (isKind(kind) && isMoment(at) && isMoment(until)) {
      return { kind, target: parseTarget('revocation entry', target), at, until };
    }
  } catch {
    // Not JSON, or no target: the same as a line of wrong shape.
  }
  // When it was written may be unreadable, too: up to now, then.
  const at = Number.isFinite(writtenAt) ? writtenAt : Date.now();
  return { kind: 'revoke', target: {}, at, until: at };
}

function isKind(value: unknown): value is RevocationEntry['kind'] {
  return value === 'revoke' || value === 'renew';
}

function isMoment(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
