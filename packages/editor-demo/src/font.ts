const PATIENCE_MS = 300;

/** Text that appears in its final font does not move; whoever waits too long for it reads in another. */
export function untilFontIsThere(): Promise<unknown> {
  return Promise.race([
    document.fonts.load('1em Inter').catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, PATIENCE_MS)),
  ]);
}
