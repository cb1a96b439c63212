/** Waits until something is true, looking every few milliseconds; throws what was waited for after `seconds`. */
export async function untilTrue(isTrue: () => boolean, what: string, seconds = 8): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
