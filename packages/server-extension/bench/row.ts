import type { Line } from './line.ts';

/** How much is measured. */
export interface Effort {
  /** Interleaved rounds of functions, or pairs of servers. */
  rounds: number;
  /** The size of a server's load, as a share of the full one. */
  scale: number;
}

/** One comparison, which may be several lines of the table. */
export type Row = (effort: Effort) => Promise<Line[]>;
