let latest = 0;
let repeats = 0;

/**
 * Milliseconds since 1970. Within one millisecond each call gives 0.001 more than the one before, so that what happened
 * first has the smaller stamp: a token issued right after a revocation is not withdrawn by it.
 */
export function stamp(): number {
  const now = Date.now();
  repeats = now === latest ? repeats + 1 : 0;
  latest = now;
  return now + repeats / 1_000;
}
