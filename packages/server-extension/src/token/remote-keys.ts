import { createRemoteJWKSet, type JWKSCacheInput, jwksCache } from 'jose';
import { AuthError } from '../core/auth-error.ts';
import type { KeyPairAlgorithm } from './algorithm.ts';
import { KeyRing, type KeySource } from './key-ring.ts';
import { parseKeySet } from './parse-key-set.ts';
import type { PreparedKey } from './prepare-keys.ts';

const COOL_DOWN_MS = 30_000;

/**
 * Keys that somebody else publishes: fetched when first needed and then every ten minutes, and at once for a `kid`
 * that is not among them; if it is not among the new ones either, not again for that for 30 seconds.
 * Throws `AuthError('auth-unavailable')` where the set cannot be fetched.
 */
export class RemoteKeys implements KeySource {
  readonly #algorithms: readonly KeyPairAlgorithm[];
  readonly #fetched: JWKSCacheInput = {};
  readonly #remote: ReturnType<typeof createRemoteJWKSet>;
  #parsed: { from: unknown; ring: KeyRing } = { from: undefined, ring: new KeyRing([]) };
  #coolUntil = 0;

  constructor(url: URL, algorithms: readonly KeyPairAlgorithm[]) {
    this.#algorithms = algorithms;
    this.#remote = createRemoteJWKSet(url, { [jwksCache]: this.#fetched });
  }

  get version(): object | undefined {
    return this.#remote.fresh ? this.#fetched.jwks : undefined;
  }

  async find(alg: string, kid: string | undefined): Promise<PreparedKey | undefined> {
    // Nobody causes a request with a token that no key could verify.
    if (!this.#algorithms.some((allowed) => allowed === alg)) return undefined;
    if (this.#remote.fresh) {
      const key = this.#ring().find(alg, kid);
      if (key || Date.now() < this.#coolUntil) return key;
    }
    await this.#reload();
    const key = this.#ring().find(alg, kid);
    if (!key) this.#coolUntil = Date.now() + COOL_DOWN_MS;
    return key;
  }

  async #reload(): Promise<void> {
    try {
      await this.#remote.reload();
    } catch (cause) {
      throw new AuthError('auth-unavailable', 'The key set cannot be fetched right now.', { cause });
    }
  }

  #ring(): KeyRing {
    const { jwks } = this.#fetched;
    if (jwks && this.#parsed.from !== jwks) {
      this.#parsed = { from: jwks, ring: new KeyRing(parseKeySet(jwks.keys, this.#algorithms)) };
    }
    return this.#parsed.ring;
  }
}
