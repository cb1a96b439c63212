import { createSigner, createVerifier } from '../../src/index.ts';
import { secret } from './tokens.ts';

/** A signer as an app has it, and a verifier for what it signs. */
export const sign = createSigner({ secret });
export const verify = createVerifier({ secret });
