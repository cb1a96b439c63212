import picomatch from 'picomatch';
import { readAccess } from '../../src/index.ts';
import { type Line, nanoseconds, toComparison, toFigure } from '../line.ts';
import { measureFunctions } from '../measure-functions.ts';
import type { Effort, Row } from '../row.ts';
import { POSITIONS, type SampleEntries, sampleEntries } from '../sample-entries.ts';

/** The level of one document, asked of a token that was read before. */
export const level: Row = async (effort) => {
  const lines: Line[] = [];
  for (const count of [1, 100, 1_000]) {
    const sample = sampleEntries(count);
    for (const position of POSITIONS) lines.push(...(await compare(sample, position, effort)));
  }
  return lines;
};

async function compare(sample: SampleEntries, position: (typeof POSITIONS)[number], effort: Effort): Promise<Line[]> {
  const { entries } = sample;
  const { length: count } = entries;
  const access = readAccess({ allowedDocumentNames: entries });
  const joined = new RegExp(`^(?:${entries.map(toSource).join('|')})$`);
  const what = `level, ${count} ${count === 1 ? 'entry' : 'entries'}, matches ${position}`;
  const times = await measureFunctions(
    {
      inputs: () => sample[position],
      batch: 256,
      contenders: {
        hocuspass: (name) => access.levelFor(name),
        joined: (name) => joined.test(name),
        picomatch: picomatch(entries.map((entry) => entry.replace('*', '**'))),
      },
    },
    effort,
  );
  // Beside each of the others alone: it takes so long that everything else would be measured cold.
  const handWritten = await measureFunctions(
    {
      inputs: () => sample[position],
      batch: 1,
      contenders: {
        hocuspass: (name) => access.levelFor(name),
        handWritten: (name) => entries.some((entry) => new RegExp(`^${toSource(entry)}$`).test(name)),
      },
    },
    effort,
  );
  const isMany = count >= 100;
  const line = (beside: string, theirs: number[] = []) =>
    toComparison({
      what,
      ours: times.hocuspass ?? [],
      beside,
      theirs,
      unit: nanoseconds,
      limit: isMany ? 1 : undefined,
    });
  return [
    ...(count === 1_000 ? [toFigure(what, times.hocuspass ?? [], nanoseconds, 300)] : []),
    line('one joined RegExp', times.joined),
    line('a RegExp for each check', handWritten.handWritten),
    line('picomatch', times.picomatch),
  ];
}

/** As everybody writes it. */
function toSource(entry: string): string {
  return entry.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
}
