import { expect, test } from 'vitest';
import { parseLines } from '../../src/revocation/parse-lines.ts';

test('no answer is no lines', () => {
  expect(parseLines(null)).toEqual([]);
  expect(parseLines([])).toEqual([]);
});

test('lines are read with whatever their text is', () => {
  expect(
    parseLines([
      ['1-0', ['entry', 'a']],
      ['2-0', []],
    ]),
  ).toEqual([
    { id: '1-0', text: 'a' },
    { id: '2-0', text: undefined },
  ]);
});

test.each([[undefined], ['OK'], [7], [{}], [['1-0']], [[[1, ['entry', 'a']]]], [[['1-0', 'entry']]], [[null]]])(
  'anything else, such as %j, throws',
  (reply) => {
    expect(() => parseLines(reply)).toThrow(TypeError);
  },
);
