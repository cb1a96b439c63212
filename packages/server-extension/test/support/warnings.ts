import { onTestFinished } from 'vitest';

/** What the process warns of until the test is over. */
export function collectWarnings(): string[] {
  const warnings: string[] = [];
  const collect = ({ message }: Error) => void warnings.push(message);
  process.on('warning', collect);
  onTestFinished(() => void process.off('warning', collect));
  return warnings;
}
