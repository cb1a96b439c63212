import { describe, expect, test } from 'vitest';
import { createRevocations } from '../../src/revocation/create-revocations.ts';
import { memoryStore } from '../../src/revocation/memory-store.ts';
import { toRevocationIndex } from '../../src/revocation/revocation-index.ts';
import type { RevocationStore } from '../../src/revocation/revocation-store.ts';
import { sampleClaims } from '../support/sample-claims.ts';

/** A call as JavaScript would make it, without its types. */
const call = (...args: unknown[]): unknown => Reflect.apply(createRevocations, undefined, args);

describe('options', () => {
  test.each([
    [{ sotre: memoryStore() }, 'createRevocations: unknown option "sotre"'],
    ['memory', 'createRevocations: options must be an object'],
    [{ store: null }, 'createRevocations: "store"'],
    [{ store: 'redis://127.0.0.1' }, 'createRevocations: "store"'],
    [{ store: { append() {}, follow() {} } }, 'createRevocations: "store"'],
    [{ store: { append() {}, follow() {}, close: true } }, 'createRevocations: "store"'],
    [{ maxTokenAge: '1 day' }, 'createRevocations: "maxTokenAge"'],
    [{ maxTokenAge: 0 }, 'createRevocations: "maxTokenAge"'],
    [{ whenUnavailable: 'ignore' }, 'createRevocations: "whenUnavailable"'],
    [{ whenUnavailable: null }, 'createRevocations: "whenUnavailable"'],
  ])('%j is a TypeError that names the option', (options, message) => {
    expect(() => call(options)).toThrow(TypeError);
    expect(() => call(options)).toThrow(message);
  });

  test('none are needed, and undefined is as good as none', () => {
    expect(toRevocationIndex(createRevocations()).available).toBe(true);
    expect(
      toRevocationIndex(createRevocations({ store: undefined, maxTokenAge: undefined, whenUnavailable: undefined }))
        .maxTokenAge,
    ).toBe(86_400);
  });

  test('maxTokenAge is 24 hours, or what it is set to', () => {
    expect(toRevocationIndex(createRevocations()).maxTokenAge).toBe(86_400);
    expect(toRevocationIndex(createRevocations({ maxTokenAge: '7d' })).maxTokenAge).toBe(604_800);
    expect(toRevocationIndex(createRevocations({ maxTokenAge: 90 })).maxTokenAge).toBe(90);
  });

  test('the memory of one is not that of another', async () => {
    const [here, there] = [createRevocations(), createRevocations()].map(toRevocationIndex);
    await here?.revoke({ subject: 'ada' });
    const claims = sampleClaims({ subject: 'ada' }, 1);
    expect(here?.refusalFor(claims)).toBe('token-revoked');
    expect(there?.refusalFor(claims)).toBeUndefined();
  });
});

describe('whenUnavailable', () => {
  /** A store that says what it is told to. */
  function tellingStore(): { store: RevocationStore; say: (state: 'current' | 'lost') => void } {
    const told: ((state: 'current' | 'lost') => void)[] = [];
    const store: RevocationStore = {
      append: async () => {},
      follow: (_from, _onEntry, onState) => {
        told.push(onState);
        return () => {};
      },
      close: async () => {},
    };
    return { store, say: (state) => told.forEach((onState) => void onState(state)) };
  }

  test('refuses by default until everything was read, whenever the store is lost, and after close', async () => {
    const { store, say } = tellingStore();
    const index = toRevocationIndex(createRevocations({ store }));
    expect(index.available).toBe(false);
    say('current');
    expect(index.available).toBe(true);
    say('lost');
    expect(index.available).toBe(false);
    say('current');
    expect(index.available).toBe(true);
    await index.close();
    say('current');
    expect(index.available).toBe(false);
  });

  test("'allow' is always available", async () => {
    const { store, say } = tellingStore();
    const index = toRevocationIndex(createRevocations({ store, whenUnavailable: 'allow' }));
    expect(index.available).toBe(true);
    say('lost');
    expect(index.available).toBe(true);
  });

  test('every change of state is told once, and a loss at the start too', () => {
    const { store, say } = tellingStore();
    const index = toRevocationIndex(createRevocations({ store }));
    const states: string[] = [];
    const stop = index.onState((state) => states.push(state));
    for (const state of ['lost', 'lost', 'current', 'current', 'lost', 'current'] as const) say(state);
    stop();
    say('lost');
    expect(states).toEqual(['lost', 'current', 'lost', 'current']);
  });
});

test('revocations that createRevocations did not make are a TypeError', () => {
  const foreign = { revoke: async () => {}, renew: async () => {}, close: async () => {} };
  expect(() => toRevocationIndex(foreign)).toThrow(TypeError);
});
