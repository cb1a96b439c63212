import { expect, test } from 'vitest';
import { toSeconds } from '../../src/core/duration.ts';
import { checkDefined, checkOptions } from '../../src/core/options.ts';

test('an unknown option is named, beside those that it takes', () => {
  expect(() => checkOptions('createThing', { known: 1, foo: 2 }, ['known', 'other'])).toThrow(
    new TypeError('createThing: unknown option "foo"; it takes known, other'),
  );
  expect(() => checkOptions('createThing', { known: undefined }, ['known'])).not.toThrow();
});

test.for([undefined, null, 'text', 1, [], () => {}])('%s are no options', (options) => {
  expect(() => checkOptions('createThing', options, [])).toThrow(
    new TypeError('createThing: options must be an object'),
  );
});

test('an option that must not be undefined is named', () => {
  expect(() => checkDefined('createThing', { a: undefined, b: undefined }, ['b'])).toThrow(
    new TypeError('createThing: "b" is undefined'),
  );
  expect(() => checkDefined('createThing', { a: undefined, b: null }, ['b'])).not.toThrow();
});

test.for([
  ['30s', 30],
  ['15m', 900],
  ['24h', 86_400],
  ['7d', 604_800],
  [90, 90],
  [0.5, 0.5],
  [1e10, 1e10],
] as const)('%s is %s seconds', ([duration, seconds]) => {
  expect(toSeconds('createThing', 'life', duration)).toBe(seconds);
});

test.for([
  ...['', '15', 'm', '15 m', '1.5h', '-1m', '15M', '1w', '15m ', '0m', '1e3s', '9999999999s', '999999999d', '15m\n'],
  ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300],
])('%j is not a duration', (duration) => {
  expect(() => toSeconds('createThing', 'life', duration)).toThrow(/^createThing: "life" must be a duration/);
});

test('neither is anything that is no text and no number', () => {
  const toSecondsOf: (where: string, option: string, value: never) => number = toSeconds;
  for (const value of [null, undefined, true, ['15m'], {}]) {
    expect(() => Reflect.apply(toSecondsOf, undefined, ['createThing', 'life', value])).toThrow(TypeError);
  }
});
