import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRevocations } from '../../src/revocation/create-revocations.ts';
import { toRevocationIndex } from '../../src/revocation/revocation-index.ts';
import type { RevocationStore } from '../../src/revocation/revocation-store.ts';
import { followStore } from '../support/followed-store.ts';
import { revocationEntry } from '../support/revocation-entry.ts';
import { sampleClaims } from '../support/sample-claims.ts';
import { soon } from '../support/soon.ts';

/** A place where entries are kept: a file, a server, a piece of memory. */
export interface StorePlace {
  /** A store on this place, as another process would open it. */
  open(): RevocationStore;
  remove(): Promise<void>;
}

/** What every store must do; the same for all. */
export function describeStore(name: string, createPlace: () => Promise<StorePlace>, skip = false): void {
  describe.skipIf(skip)(`a ${name} store`, () => {
    let place: StorePlace;
    const opened: RevocationStore[] = [];
    const open = (): RevocationStore => {
      const store = place.open();
      opened.push(store);
      return store;
    };

    beforeEach(async () => {
      place = await createPlace();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
      await place.remove();
    });

    test('is current at once when nothing was ever withdrawn', async () => {
      const followed = followStore(open());
      await expect.poll(() => followed.states, soon).toEqual(['current']);
      expect(followed.entries).toEqual([]);
    });

    test('delivers what was appended before, oldest first, and then says that it is current', async () => {
      const store = open();
      const entries = ['ada', 'bob', 'cyd'].map((subject) => revocationEntry({ subject }));
      for (const entry of entries) await store.append(entry);
      const heard: unknown[] = [];
      const stop = store.follow(
        'start',
        (entry) => heard.push(entry),
        (state) => heard.push(state),
      );
      await expect.poll(() => heard, soon).toEqual([...entries, 'current']);
      stop();
    });

    test('delivers what is appended while it is followed, to all who follow', async () => {
      const store = open();
      const followers = [followStore(store), followStore(store), followStore(open())];
      await expect
        .poll(() => followers.map(({ states }) => states), soon)
        .toEqual([['current'], ['current'], ['current']]);
      const entry = revocationEntry({ session: 's1' });
      await store.append(entry);
      await expect.poll(() => followers.map(({ entries }) => entries), soon).toEqual([[entry], [entry], [entry]]);
    });

    test('delivers nothing more to those who stopped following', async () => {
      const store = open();
      const [stopped, other] = [followStore(store), followStore(store)];
      await expect.poll(() => [stopped.states, other.states], soon).toEqual([['current'], ['current']]);
      stopped.stop();
      stopped.stop();
      await store.append(revocationEntry({ session: 's1' }));
      await expect.poll(() => other.entries.length, soon).toBe(1);
      expect(stopped.entries).toEqual([]);
      expect(stopped.states).toEqual(['current']);
    });

    test('gives back every target, moment and kind exactly', async () => {
      const store = open();
      const entries = [
        revocationEntry({ subject: '"quoted", \\ and \n broken \u0000 lines' }),
        revocationEntry({ subject: 'half a surrogate: \ud83d' }, { kind: 'renew' }),
        revocationEntry({ subject: '__proto__', session: 'constructor', tokenId: '😀', document: 'team/*' }),
        revocationEntry({ document: '*' }, { at: Date.now() + 0.123 }),
      ];
      for (const entry of entries) await store.append(entry);
      const followed = followStore(open());
      await expect.poll(() => followed.entries, soon).toEqual(entries);
    });

    test('ends with the newer of two entries for the same target', async () => {
      const store = open();
      const older = revocationEntry({ subject: 'ada' });
      const newer = revocationEntry({ subject: 'ada' });
      await store.append(older);
      await store.append(newer);
      await store.append(older);
      const index = toRevocationIndex(createRevocations({ store }));
      await expect.poll(() => index.available, soon).toBe(true);
      expect(index.refusalFor(sampleClaims({ subject: 'ada' }, newer.at / 1_000))).toBe('token-revoked');
    });

    test('keeps the one whose memory is longer, when the newer one is forgotten sooner', async () => {
      const store = open();
      const older = revocationEntry({ subject: 'ada' });
      await store.append(older);
      await store.append(revocationEntry({ subject: 'ada' }, { until: older.at + 1_000 }));
      const followed = followStore(open());
      await expect.poll(() => Math.max(...followed.entries.map(({ until }) => until)), soon).toBe(older.until);
    });

    test('delivers thousands of entries, each once', async () => {
      const store = open();
      const entries = Array.from({ length: 2_500 }, (_, number) => revocationEntry({ subject: `user-${number}` }));
      await Promise.all(entries.map((entry) => store.append(entry)));
      const followed = followStore(open());
      await expect.poll(() => followed.states, soon).toEqual(['current']);
      expect(followed.entries).toEqual(entries);
    });

    test('carries a revocation from one server to another, and tells each of it once', async () => {
      const [here, there] = [open(), open()].map((store) => toRevocationIndex(createRevocations({ store })));
      if (here === undefined || there === undefined) throw new Error('two servers');
      const [heardHere, heardThere]: [unknown[], unknown[]] = [[], []];
      here.onEntry((entry) => heardHere.push(entry.target));
      there.onEntry((entry) => heardThere.push(entry.target));
      await expect.poll(() => [here.available, there.available], soon).toEqual([true, true]);
      const claims = sampleClaims({ subject: 'ada' });

      const revoked = here.revoke({ subject: 'ada' });
      expect(heardHere).toEqual([{ subject: 'ada' }]);
      expect(here.refusalFor(claims)).toBe('token-revoked');
      await revoked;
      await expect.poll(() => heardThere, soon).toEqual([{ subject: 'ada' }]);
      expect(there.refusalFor(claims)).toBe('token-revoked');
      await there.renew({ subject: 'bob' });
      await expect.poll(() => heardHere, soon).toEqual([{ subject: 'ada' }, { subject: 'bob' }]);
      expect(heardThere).toEqual([{ subject: 'ada' }, { subject: 'bob' }]);
      await Promise.all([here.close(), there.close()]);
    });

    test('can be closed twice', async () => {
      const store = open();
      followStore(store);
      await store.close();
      await store.close();
    });
  });
}
