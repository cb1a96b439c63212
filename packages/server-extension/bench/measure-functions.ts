import { measure } from 'mitata';
import type { Effort } from './row.ts';

export interface Contenders<Input> {
  /** Each takes the input and gives its answer, or a promise of it. */
  contenders: Readonly<Record<string, (input: Input) => unknown>>;
  /** A fresh input for each call, made outside of the measured time. */
  next: () => Input;
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
  { contenders, next, batch = 512 }: Contenders<Input>,
  { rounds }: Effort,
): Promise<Record<string, number[]>> {
  const first = next();
  const turns = Object.entries(contenders).map(([name, contender]) => ({
    call: (input: Input = first) => contender(input),
    times: times(name),
  }));
  const options = {
    // Generated for each batch before its clock starts.
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
  for (const { call } of turns) await measure(call, { ...options });
  for (let round = 0; round < rounds; round += 1) {
    for (const { call, times } of turns) {
      const { p50 } = await measure(call, { ...options });
      times.values.push(p50);
    }
  }
  return Object.fromEntries(turns.map(({ times: { name, values } }) => [name, values]));
}

function times(name: string): { name: string; values: number[] } {
  return { name, values: [] };
}
