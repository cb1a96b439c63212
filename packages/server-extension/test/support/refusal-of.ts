import { AuthError } from '../../src/core.ts';

/** The reason with which a promise is refused; fails if it is not, or by anything but an `AuthError`. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AuthError) return error.reason;
    throw new Error('refused by something else', { cause: error });
  }
  throw new Error('not refused at all');
}
