/** Says on the error stream how far it is, so that the table can be kept apart. */
export function progress(text: string): void {
  process.stderr.write(`${new Date().toLocaleTimeString('en-GB')} ${text}\n`);
}
