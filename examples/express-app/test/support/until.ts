import { setTimeout } from 'node:timers/promises';

/** Waits for what no event announces; fails after ten seconds, or as many as given, saying for what it waited. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await setTimeout(10);
  }
}
