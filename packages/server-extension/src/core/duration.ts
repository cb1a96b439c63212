const SECONDS = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3_600],
  ['d', 86_400],
]);

/** Reads a duration such as `'30s'`, `'15m'`, `'24h'`, `'7d'`, or a number of seconds. Throws a `TypeError` otherwise. */
export function toSeconds(where: string, option: string, value: string | number): number {
  const seconds = typeof value === 'number' ? value : parseDuration(value);
  if (seconds > 0 && seconds <= LONGEST) return seconds;
  throw new TypeError(`${where}: "${option}" must be a duration such as '15m', or a positive number of seconds`);
}

/** Three hundred years: what is added to a date must remain one. */
const LONGEST = 1e10;

function parseDuration(value: unknown): number {
  const [, digits, unit] = (typeof value === 'string' && /^(\d{1,9})([smhd])$/.exec(value)) || [];
  return Number(digits) * (SECONDS.get(unit ?? '') ?? Number.NaN);
}
