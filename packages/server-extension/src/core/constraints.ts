import { malformed } from './malformed.ts';
import { isRecord } from './record.ts';

/** Some documents: one by its exact name, or all that begin and end in a certain way, without overlap. */
export type Reach = { name: string } | { prefix: string; suffix: string };

/** Reads the `constraints` of a permission: one object, or a list of which any one suffices. */
export function parseConstraints(constraints: unknown): readonly Reach[] {
  if (!Array.isArray(constraints)) return parseConstraint(constraints);
  if (constraints.length === 0) throw malformed('constraints is an empty list');
  return constraints.flatMap(parseConstraint);
}

function parseConstraint(constraint: unknown): readonly Reach[] {
  if (!isRecord(constraint)) throw malformed('a constraint is not an object');
  const keys = Object.keys(constraint).sort().join();
  const { prefix, suffix } = constraint;
  if (keys === 'in') return parseNames(constraint.in);
  if (keys === 'prefix') return [{ prefix: parseText(prefix), suffix: '' }];
  if (keys === 'suffix') return [{ prefix: '', suffix: parseText(suffix) }];
  if (keys === 'prefix,suffix') return [{ prefix: parseText(prefix), suffix: parseText(suffix) }];
  throw malformed('a constraint is neither a prefix, nor a suffix, nor both, nor a list of names');
}

function parseNames(names: unknown): readonly Reach[] {
  if (!Array.isArray(names) || names.length === 0) throw malformed('a constraint lists no names');
  return names.map((name) => ({ name: parseText(name) }));
}

function parseText(text: unknown): string {
  if (typeof text !== 'string' || text === '') throw malformed('a constraint holds something that is not a text');
  return text;
}
