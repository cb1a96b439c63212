import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A program that has said what it was expected to say. */
export interface RunningProgram {
  output(): string;
  /** Ends it, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts a program, and waits until its output matches. */
export async function spawnUntil(
  program: string,
  args: readonly string[],
  { cwd, env, says }: { cwd: string; env: Record<string, string>; says: RegExp },
): Promise<RunningProgram> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true });
  const stop: RunningProgram['stop'] = (signal = 'SIGTERM') => end(child, signal);
  onTestFinished(async () => {
    await stop();
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (says.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${output}`)));
    child.once('error', reject);
  });
  return { output: () => output, stop };
}

/** The whole group, as Ctrl-C in a terminal does. */
function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve(child.exitCode);
  }
  const { pid } = child;
  return new Promise((resolve) => {
    child.once('exit', resolve);
    process.kill(-pid, signal);
  });
}
