import { type Median, toMedian, toMedianRatio } from './median.ts';

/** One line of the table. */
export interface Line {
  what: string;
  ours: string;
  beside: string;
  theirs: string;
  ratio: string;
  target: string;
  /** Absent where the line is only there to be read. */
  isMet?: boolean | undefined;
}

type Unit = (value: number) => string;

interface Comparison {
  what: string;
  beside: string;
  /** Costs, lower is better, taken in pairs. */
  ours: readonly number[];
  theirs: readonly number[];
  unit: Unit;
  /** The most that ours may cost, as a share of theirs. */
  limit?: number | undefined;
}

/** Our cost as a share of theirs. Met only if the whole interval is within the limit. */
export function toComparison({ what, beside, ours, theirs, unit, limit }: Comparison): Line {
  const ratio = toMedianRatio(ours, theirs);
  return {
    what,
    ours: unit(toMedian(ours).median),
    beside,
    theirs: unit(toMedian(theirs).median),
    ratio: formatRatio(ratio),
    target: limit === undefined ? '' : `≤ ${toDigits(limit)}`,
    isMet: limit === undefined ? undefined : ratio.high <= limit,
  };
}

/** A figure that has a target of its own. */
export function toFigure(what: string, values: readonly number[], unit: Unit, limit?: number): Line {
  const { median, low, high } = toMedian(values);
  const spread = values.length > 1 ? ` [${unit(low)}, ${unit(high)}]` : '';
  return {
    what,
    ours: `${unit(median)}${spread}`,
    beside: '',
    theirs: '',
    ratio: '',
    target: limit === undefined ? '' : `< ${unit(limit)}`,
    isMet: limit === undefined ? undefined : high < limit,
  };
}

export const nanoseconds: Unit = (value) => (value < 1_000 ? `${toDigits(value)} ns` : `${toDigits(value / 1_000)} µs`);

export const microseconds: Unit = (value) => `${toDigits(value)} µs`;

export const milliseconds: Unit = (value) => `${toDigits(value)} ms`;

export const bytes: Unit = (value) => `${Math.round(value)} B`;

function formatRatio({ median, low, high }: Median): string {
  return `${toDigits(median)} [${toDigits(low)}, ${toDigits(high)}]`;
}

/** Three digits that matter. */
function toDigits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
