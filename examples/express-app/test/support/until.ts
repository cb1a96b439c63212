import { setTimeout } from 'node:timers/promises';

/** Waits for what no event announces; fails after ten seconds, saying for what it waited. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await setTimeout(10);
  }
}
