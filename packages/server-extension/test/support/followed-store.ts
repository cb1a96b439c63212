import type { RevocationEntry, RevocationStore } from '../../src/revocation/revocation-store.ts';

/** What a follower of a store has heard, in order. */
export interface FollowedStore {
  readonly entries: readonly RevocationEntry[];
  readonly states: readonly ('current' | 'lost')[];
  stop(): void;
}

export function followStore(store: RevocationStore): FollowedStore {
  const entries: RevocationEntry[] = [];
  const states: ('current' | 'lost')[] = [];
  const stop = store.follow(
    'start',
    (entry) => entries.push(entry),
    (state) => states.push(state),
  );
  return { entries, states, stop };
}
