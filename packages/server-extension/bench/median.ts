/** The middle of a sample, and the interval that holds the true median with at least 95 % confidence. */
export interface Median {
  median: number;
  low: number;
  high: number;
}

/**
 * The interval comes from order statistics, as for the sign test: it assumes nothing about the distribution. With 15
 * values it reaches from the 4th to the 12th. Below 6 values no interval has that confidence: it is then the range.
 */
export function toMedian(values: readonly number[]): Median {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (position: number): number => sorted[position] ?? Number.NaN;
  const count = sorted.length;
  const cut = toCut(count);
  return {
    median: (at(Math.floor((count - 1) / 2)) + at(Math.ceil((count - 1) / 2))) / 2,
    low: at(cut),
    high: at(count - 1 - cut),
  };
}

/** Two samples that were taken in pairs: the median of the quotients. */
export function toMedianRatio(ours: readonly number[], theirs: readonly number[]): Median {
  return toMedian(ours.map((value, i) => value / (theirs[i] ?? Number.NaN)));
}

/** How many values may be left out at each end: the binomial tail below it holds at most 2.5 %. */
function toCut(count: number): number {
  let tail = 0;
  let term = 0.5 ** count;
  for (let cut = 0; ; cut += 1) {
    tail += term;
    if (tail > 0.025) return Math.max(cut - 1, 0);
    term *= (count - cut) / (cut + 1);
  }
}
