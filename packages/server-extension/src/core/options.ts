/** Throws a `TypeError` if `options` is no object, or has a name that is not among `known`, which it lists. */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${where}: options must be an object`);
  }
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new TypeError(`${where}: unknown option "${name}"; it takes ${known.join(', ')}`);
  }
}

/** Throws a `TypeError` if one of these is given as `undefined`: an unset variable must not switch a check off. */
export function checkDefined(where: string, options: object, names: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined && names.includes(name)) throw new TypeError(`${where}: "${name}" is undefined`);
  }
}
