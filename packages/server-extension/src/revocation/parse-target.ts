import { isPattern } from '../core/pattern.ts';
import type { RevocationTarget } from './revocation-target.ts';

const PARTS = ['subject', 'session', 'tokenId', 'document'] as const;

/**
 * Reads a target. Throws a `TypeError` unless it is an object with at least one known part, every part a text that is
 * not empty, and `*` in `document` only at the end.
 */
export function parseTarget(where: string, value: unknown): RevocationTarget {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${where}: the target must be an object`);
  }
  const target: RevocationTarget = {};
  for (const [name, text] of Object.entries(value)) {
    const part = PARTS.find((known) => known === name);
    if (part === undefined) throw new TypeError(`${where}: unknown part "${name}" of the target`);
    if (text === undefined) continue;
    if (typeof text !== 'string' || text === '') throw new TypeError(`${where}: "${part}" must be a text, not empty`);
    target[part] = text;
  }
  if (Object.keys(target).length === 0) throw new TypeError(`${where}: the target must name somebody or something`);
  if (target.document !== undefined && !isPattern(target.document)) {
    throw new TypeError(`${where}: "document" may have "*" only at its end`);
  }
  return target;
}
