import { inspect } from 'node:util';

/** Tells the developer of something thrown by the app's own code, which must end neither a connection nor the process. */
export function warn(what: string, thrown: unknown): void {
  process.emitWarning(`hocuspass: ${what}: ${toText(thrown)}`);
}

/** Anything may be thrown, also what cannot be made a text. */
function toText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return inspect(thrown, { customInspect: false });
  const { name, message, cause } = thrown;
  return `${name}: ${message}${cause === undefined ? '' : ` (${toText(cause)})`}`;
}
