import { parseConstraints, type Reach } from './constraints.ts';
import { type Decide, NOTHING } from './decision.ts';
import type { AccessLevel } from './level.ts';
import { malformed } from './malformed.ts';
import { ReachList } from './reach-list.ts';
import { isRecord } from './record.ts';

const LEVELS: readonly AccessLevel[] = ['write', 'comment', 'read'];

const LEVEL_OF_ACTION = new Map(LEVELS.map((level) => [`documents:${level}`, level]));

/** Service, colon, action, perhaps more of both: `AI:Generation`, `Documents:Api:All`. ASCII only. */
const ACTION = /^[a-z][\w.-]*(?::[\w.*-]+)+$/i;

const KEYS = ['action', 'resource', 'constraints'];

/** Reads the permissions style: a list of `{ action, resource, constraints? }` that only adds up; the highest wins. */
export function readPermissions(permissions: readonly unknown[]): Decide {
  const reaches = { write: new ReachList(), comment: new ReachList(), read: new ReachList() };
  for (const permission of permissions) {
    const { level, resource, constraints } = parsePermission(permission);
    if (level) for (const reach of toReaches(resource, constraints)) reaches[level].add(reach);
  }
  return (documentName) => {
    for (const level of LEVELS) {
      const entry = reaches[level].match(documentName);
      if (entry !== undefined) return { level, decidedBy: { entry, from: 'permissions' } };
    }
    return NOTHING;
  };
}

function parsePermission(permission: unknown) {
  if (!isRecord(permission)) throw malformed('permissions holds something that is not an object');
  const { action, resource, constraints } = permission;
  if (typeof action !== 'string' || !ACTION.test(action)) throw malformed('permissions holds a malformed action');
  if (typeof resource !== 'string' || resource === '') throw malformed('permissions holds a malformed resource');
  const level = LEVEL_OF_ACTION.get(action.toLowerCase());
  // To pass over what is not understood would widen what is.
  if (level && Object.keys(permission).some((key) => !KEYS.includes(key))) {
    throw malformed('permissions holds a key that is not understood');
  }
  return {
    level,
    resource,
    constraints: Object.hasOwn(permission, 'constraints') ? { value: constraints } : undefined,
  };
}

function toReaches(resource: string, constraints: { value: unknown } | undefined): readonly Reach[] {
  if (!constraints) return [resource === '*' ? { prefix: '', suffix: '' } : { name: resource }];
  if (resource !== '*') throw malformed('permissions holds constraints beside the name of a document');
  return parseConstraints(constraints.value);
}
