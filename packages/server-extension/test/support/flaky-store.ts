import type { RevocationEntry, RevocationStore } from '../../src/index.ts';

/** A store whose connection a test can cut. */
export function createFlakyStore(): RevocationStore & { tell(state: 'current' | 'lost'): void } {
  let listener: (state: 'current' | 'lost') => void = () => {};
  const entries: RevocationEntry[] = [];
  return {
    append: async (entry) => void entries.push(entry),
    follow: (_, __, onState) => {
      listener = onState;
      onState('current');
      return () => {};
    },
    close: async () => {},
    tell: (state) => listener(state),
  };
}
