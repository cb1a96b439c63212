import type { PreparedKey } from './prepare-keys.ts';

/** Where the verifier finds the key of a token. */
export interface KeySource {
  /** The key that a token with this header must be signed with; `undefined` if there is none. */
  find(alg: string, kid: string | undefined): PreparedKey | undefined | Promise<PreparedKey | undefined>;
  /** Changes with the keys, and is `undefined` when they are out of date: what was verified before is verified again. */
  readonly version: object | undefined;
}

/** Keys that are known, selected by `alg` and `kid`. */
export class KeyRing implements KeySource {
  readonly version: object = this;
  readonly #byKid = new Map<string, PreparedKey>();
  readonly #onlyOne = new Map<string, PreparedKey | undefined>();

  constructor(keys: readonly PreparedKey[]) {
    for (const key of keys) {
      if (key.kid !== undefined) this.#byKid.set(`${key.alg} ${key.kid}`, key);
      this.#onlyOne.set(key.alg, this.#onlyOne.has(key.alg) ? undefined : key);
    }
  }

  find(alg: string, kid: string | undefined): PreparedKey | undefined {
    if (kid === undefined) return this.#onlyOne.get(alg);
    const key = this.#byKid.get(`${alg} ${kid}`);
    if (key) return key;
    // A key that has no kid cannot be told by one: the signature decides, as for a token without.
    const onlyOne = this.#onlyOne.get(alg);
    return onlyOne?.kid === undefined ? onlyOne : undefined;
  }
}
