import { toSeconds } from '../core/duration.ts';
import { checkOptions } from '../core/options.ts';
import { memoryStore } from './memory-store.ts';
import { StoredRevocations } from './revocation-index.ts';
import type { RevocationStore } from './revocation-store.ts';
import type { Revocations } from './revocations.ts';

/** Options of `createRevocations`. */
export interface RevocationsOptions {
  /** Where revocations are kept, and through which they reach other processes. @default this process's memory */
  store?: RevocationStore | undefined;
  /** How long a token lives at most: revocations are remembered for that long. '24h' or seconds. @default '24h' */
  maxTokenAge?: string | number | undefined;
  /**
   * Whether new connections and requests are refused (`auth-unavailable`) or allowed while the store cannot be
   * followed. Open connections go on either way. @default 'refuse'
   */
  whenUnavailable?: 'refuse' | 'allow' | undefined;
}

const METHODS = ['append', 'follow', 'close'] as const;

/**
 * Withdraws what was issued, and remembers it until the tokens concerned have expired.
 * Throws a `TypeError` for wrong options.
 *
 * @example
 * const revocations = createRevocations({ store: sqliteStore('revocations.db') });
 * const verify = createVerifier({ ...key, revocations });
 * await revocations.revoke({ session: 'a7f3' });
 */
export function createRevocations(options: RevocationsOptions = {}): Revocations {
  checkOptions('createRevocations', options, ['store', 'maxTokenAge', 'whenUnavailable']);
  const { store = memoryStore(), maxTokenAge = '24h', whenUnavailable = 'refuse' } = options;
  if (!isStore(store)) throw new TypeError('createRevocations: "store" must have append, follow and close');
  if (whenUnavailable !== 'refuse' && whenUnavailable !== 'allow') {
    throw new TypeError("createRevocations: \"whenUnavailable\" must be 'refuse' or 'allow'");
  }
  return new StoredRevocations(store, toSeconds('createRevocations', 'maxTokenAge', maxTokenAge), whenUnavailable);
}

function isStore(store: unknown): store is RevocationStore {
  if (typeof store !== 'object' || store === null) return false;
  return METHODS.every((name) => name in store && typeof Reflect.get(store, name) === 'function');
}
