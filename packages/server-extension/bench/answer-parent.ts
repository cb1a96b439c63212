/** What a server process tells whoever started it; each server adds questions of its own. */
export function answerParent(questions: Readonly<Record<string, (about: unknown) => unknown>>): void {
  const all: typeof questions = { ...COMMON, ...questions };
  process.on('message', async (message) => {
    const [id, question, about]: unknown[] = Array.isArray(message) ? message : [];
    process.send?.([id, await all[String(question)]?.(about)]);
  });
  process.on('disconnect', () => process.exit());
}

const COMMON = {
  collectGarbage: () => globalThis.gc?.(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  heap: async () => {
    // Twice, because finalizers of the first leave garbage for the second.
    for (let i = 0; i < 2; i += 1) {
      globalThis.gc?.();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return process.memoryUsage().heapUsed;
  },
};
