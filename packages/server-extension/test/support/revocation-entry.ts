import { stamp } from '../../src/core/stamp.ts';
import type { RevocationEntry } from '../../src/revocation/revocation-store.ts';
import type { RevocationTarget } from '../../src/revocation/revocation-target.ts';

/** An entry as `revoke()` makes it, remembered for an hour. */
export function revocationEntry(target: RevocationTarget, changes: Partial<RevocationEntry> = {}): RevocationEntry {
  const at = changes.at ?? stamp();
  return { kind: 'revoke', target, at, until: at + 3_600_000, ...changes };
}
