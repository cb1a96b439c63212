/** Waits for an answer of Redis, but no longer than this many milliseconds; then it rejects. */
export function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`redisStore: no answer from Redis within ${milliseconds / 1_000} seconds`));
    const timer = setTimeout(late, milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
