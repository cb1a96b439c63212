const FIRST_MS = 1_000;
const CAP_MS = 30_000;

/** Milliseconds to wait after this many failures: anything up to 1 s, doubling up to 30 s, so that crowds spread out. */
export function backoffMs(failures: number): number {
  return Math.random() * Math.min(CAP_MS, FIRST_MS * 2 ** failures);
}
