/** For `expect.poll`, where a process, a file or a server has to answer. */
export const soon: { timeout: number; interval: number } = { timeout: 15_000, interval: 20 };
