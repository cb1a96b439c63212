import { readAccess } from '../../src/index.ts';
import { nanoseconds, toComparison, toFigure } from '../line.ts';
import { measureFunctions } from '../measure-functions.ts';
import type { Row } from '../row.ts';
import { sampleEntries } from '../sample-entries.ts';

const SIZES = [10, 100, 1_000, 10_000];

/** Reading the claims of a token, and reading them and asking for one document: the time for each of its patterns. */
export const readClaims: Row = async (effort) => {
  const read: Record<number, number[]> = {};
  const asked: Record<number, number[]> = {};
  for (const size of SIZES) {
    const text = JSON.stringify({ allowedDocumentNames: sampleEntries(size).entries });
    const times = await measureFunctions(
      {
        // As it comes out of a token: nothing of it was ever looked at.
        inputs: () => (): unknown => JSON.parse(text),
        batch: Math.max(1, Math.floor(5_000 / size)),
        contenders: {
          read: (payload) => readAccess(payload),
          asked: (payload) => readAccess(payload).levelFor('team-1/minutes'),
        },
      },
      effort,
    );
    read[size] = (times.read ?? []).map((time) => time / size);
    asked[size] = (times.asked ?? []).map((time) => time / size);
  }
  return [
    ...SIZES.map((size) => toFigure(`read claims with ${size} patterns, each`, read[size] ?? [], nanoseconds, 100)),
    toComparison({
      what: 'read claims, each pattern: 10,000 beside 1,000',
      ...{ ours: read[10_000] ?? [], beside: 'the same with 1,000', theirs: read[1_000] ?? [], unit: nanoseconds },
      limit: 1.5,
    }),
    ...SIZES.map((size) =>
      toFigure(
        `read claims with ${size} patterns and ask for one document, each pattern`,
        asked[size] ?? [],
        nanoseconds,
      ),
    ),
  ];
};
