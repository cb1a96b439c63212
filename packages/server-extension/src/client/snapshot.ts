import type { AuthReason } from '../core/auth-error.ts';
import type { AccessLevel } from '../core/level.ts';

/** How one provider stands with the server, at one moment. Never changed: a new one takes its place. */
export interface Snapshot {
  /**
   * - `connecting`: no answer yet
   * - `authenticated`: the connection is open
   * - `renewing`: a fresh token is on its way
   * - `offline`: no connection, or access cannot be checked now; tried again without help
   * - `refused`: nothing helps but a person, and then `retry()`
   */
  readonly status: 'connecting' | 'authenticated' | 'renewing' | 'offline' | 'refused';
  /** What the person may do; the last that was known while offline. */
  readonly level?: AccessLevel | undefined;
  /** Why the status is not `authenticated`, where there is a reason. `signed-out` is the token endpoint's 401. */
  readonly reason?: AuthReason | string | undefined;
  /** When the connection ends without a renewal, by the browser's clock. */
  readonly expiresAt?: Date | undefined;
  /** Above 0, edits were refused: they are in this browser only, and sent once the level allows writing again. */
  readonly rejectedChanges: number;
}

/** A value, how to change it, and how to hear of changes, as React's `useSyncExternalStore` wants it. */
export type SnapshotStore = readonly [
  get: () => Snapshot,
  set: (change: Partial<Snapshot>) => void,
  subscribe: (listener: () => void) => () => void,
];

export function createSnapshotStore(snapshot: Snapshot): SnapshotStore {
  const listeners = new Set<() => void>();
  return [
    () => snapshot,
    (change) => {
      if (Object.entries(change).every(([key, value]) => value === Object(snapshot)[key])) return;
      snapshot = { ...snapshot, ...change };
      for (const listener of listeners) listener();
    },
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  ];
}
