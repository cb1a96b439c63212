import type { Access } from '../core/access.ts';
import { readAccess } from '../core/read-access.ts';
import type { Grant } from '../token/grant.ts';

/**
 * The part of a grant that concerns these documents: each name exactly, at the level its most specific entry gives it.
 * Never more than the grant, and no patterns: what a name was taken from is not in the result.
 */
export function narrowGrant(grant: Grant, documentNames: readonly string[]): Grant {
  const access = readGrant(grant);
  const entries = documentNames.map((name) => [name, access.levelFor(name) ?? 'none'] as const);
  return { ...grant, documents: Object.fromEntries(entries.filter(([, level]) => level !== 'none')) };
}

function readGrant({ documents }: Grant): Access {
  try {
    return readAccess({ documents });
  } catch (cause) {
    // What it says is of a token, and there is none yet.
    throw new TypeError('"grant" must return "documents" with patterns and levels: * stands only at the end', {
      cause,
    });
  }
}

/** Whether a grant opens anything at all. */
export function isEmptyGrant({ documents }: Grant): boolean {
  return Object.values(documents).every((level) => level === 'none');
}
