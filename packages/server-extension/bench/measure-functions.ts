import { measure } from 'mitata';
import type { Effort } from './row.ts';

export interface Contenders<Input> {
  /** Each takes the input and gives its answer, or a promise of it. */
  contenders: Readonly<Record<string, (input: Input) => unknown>>;
  /** Makes, for each contender, what gives it a fresh input for each call, outside of the measured time. */
  inputs: () => () => Input;
  /** Calls for each reading of the clock. @default 512 */
  batch?: number;
}

/** One turn of one contender. */
const TURN_NS = 40e6;

/**
 * Nanoseconds of one call: for each contender the median of every round. In a round each has its turn, so that what
 * slows the machine down slows all of them down.
 */
export async function measureFunctions<Input>(
  { contenders, inputs, batch = 512 }: Contenders<Input>,
  { rounds }: Effort,
): Promise<Record<string, number[]>> {
  const turns = Object.entries(contenders).map(([name, contender]) => toTurn(name, contender, inputs()));
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { call, next, times } of turns) {
      const { p50 } = await measure(call, toOptions(next, batch));
      if (round > 0) times.push(p50);
    }
  }
  return Object.fromEntries(turns.map(({ name, times }) => [name, times]));
}

function toOptions(next: () => unknown, batch: number) {
  return {
    // Generated for each batch, before its clock starts.
    params: { 0: next },
    batch_samples: batch,
    batch_unroll: 1,
    // Whatever is slower than this is timed call by call.
    batch_threshold: 1e6,
    warmup_threshold: 1e7,
    min_samples: 20,
    min_cpu_time: TURN_NS,
    gc: false,
  };
}

function toTurn<Input>(name: string, contender: (input: Input) => unknown, next: () => Input) {
  const first = next();
  const times: number[] = [];
  // A parameter with a default, because mitata reads one without as a request for an iterator.
  const call: () => unknown = (input: Input = first) => contender(input);
  return { name, times, next, call };
}
