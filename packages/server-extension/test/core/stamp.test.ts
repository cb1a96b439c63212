import { afterEach, expect, test, vi } from 'vitest';
import { stamp } from '../../src/core/stamp.ts';

afterEach(() => vi.useRealTimers());

test('what happens later in the same millisecond has a larger stamp', () => {
  vi.useFakeTimers({ now: 1_000_000_000_000, toFake: ['Date'] });
  const stamps = [stamp(), stamp(), stamp()];
  expect(stamps).toEqual([1_000_000_000_000, 1_000_000_000_000.001, 1_000_000_000_000.002]);
});

test('a new millisecond is told as it is, also where the clock was set back', () => {
  vi.useFakeTimers({ now: 2_000, toFake: ['Date'] });
  stamp();
  stamp();
  vi.setSystemTime(2_001);
  expect(stamp()).toBe(2_001);
  vi.setSystemTime(1_000);
  expect(stamp()).toBe(1_000);
});
