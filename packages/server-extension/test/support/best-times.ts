/** One turn of one contender: long enough for the clock, short enough to be left alone by a busy machine. */
const TURN_MS = 2;

/**
 * Nanoseconds of one call, the best of many short turns in which the contenders take each other's place: what else the
 * machine does can only slow a turn down. `inputs` gives each call another one.
 */
export async function bestTimes<Input>(
  contenders: Readonly<Record<string, (input: Input) => unknown>>,
  inputs: () => Input,
  turns = 30,
): Promise<Record<string, number>> {
  const best: Record<string, number> = {};
  for (let turn = 0; turn < turns; turn += 1) {
    for (const [name, contender] of Object.entries(contenders)) {
      best[name] = Math.min(best[name] ?? Infinity, await timeOf(contender, inputs));
    }
  }
  return best;
}

async function timeOf<Input>(contender: (input: Input) => unknown, inputs: () => Input): Promise<number> {
  let calls = 0;
  let spent = 0;
  while (spent < TURN_MS) {
    const batch = Array.from({ length: 20 }, inputs);
    const start = performance.now();
    for (const input of batch) {
      const answer = contender(input);
      if (answer instanceof Promise) await answer;
    }
    spent += performance.now() - start;
    calls += batch.length;
  }
  return (spent / calls) * 1e6;
}
