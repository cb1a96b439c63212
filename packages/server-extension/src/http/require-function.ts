/** Throws a `TypeError` that names the option if its value cannot be called. */
export function requireFunction(where: string, option: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${where}: "${option}" must be a function`);
}
