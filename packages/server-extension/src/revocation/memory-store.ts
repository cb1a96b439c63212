import { LiveEntries } from './live-entries.ts';
import type { RevocationEntry, RevocationStore } from './revocation-store.ts';

/** Keeps revocations in this process, for as long as it lives. */
export function memoryStore(): RevocationStore {
  const entries = new LiveEntries();
  const followers = new Set<(entry: RevocationEntry) => void>();
  return {
    async append(entry) {
      if (!entries.add(entry)) return;
      entries.sweep();
      for (const follower of followers) follower(entry);
    },
    follow(_from, onEntry, onState) {
      for (const entry of entries.values()) onEntry(entry);
      // A function of its own for each call, so that the same follower may come twice.
      const follower = (entry: RevocationEntry) => onEntry(entry);
      followers.add(follower);
      onState('current');
      return () => followers.delete(follower);
    },
    async close() {
      followers.clear();
    },
  };
}
