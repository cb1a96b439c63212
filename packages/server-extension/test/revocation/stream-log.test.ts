import { expect, test } from 'vitest';
import { StreamLog } from '../../src/revocation/stream-log.ts';
import { revocationEntry } from '../support/revocation-entry.ts';

const ada = revocationEntry({ subject: 'ada' });

test('an entry on its way is missing only when that has failed, and not once it was read', () => {
  const log = new StreamLog('key');
  const settle = log.begin(ada);
  expect(log.missing()).toEqual([]);
  settle();
  expect(log.missing()).toEqual([ada]);
  log.confirm({ ...ada });
  expect(log.missing()).toEqual([]);
});

test('on a new connection, what is still on its way is missing', () => {
  const log = new StreamLog('key');
  log.begin(ada);
  log.giveUpPending();
  expect(log.missing()).toEqual([ada]);
});

test('a stream that lost everything lacks what was read from it, unless it is over', () => {
  const log = new StreamLog('key');
  log.confirm(ada);
  log.confirm(revocationEntry({ subject: 'bob' }, { until: Date.now() - 1 }));
  log.doubt();
  expect(log.missing()).toEqual([ada]);
});

test('the newer entry for a target takes the place of the older one', () => {
  const log = new StreamLog('key');
  log.begin(ada)();
  const newer = revocationEntry({ subject: 'ada' });
  log.begin(newer)();
  expect(log.missing()).toEqual([newer]);
  log.confirm(ada);
  expect(log.missing()).toEqual([newer]);
});

test('lines are cut off an hour after the longest life of an entry', () => {
  const log = new StreamLog('key');
  log.confirm(revocationEntry({ subject: 'ada' }, { at: 0, until: 7_200_000 }));
  const [key, , , oldest] = log.lineFor(ada);
  expect(key).toBe('key');
  expect(Math.abs(Number(oldest) - (Date.now() - 10_800_000))).toBeLessThan(10_000);
});
