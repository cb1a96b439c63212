import type { KeyObject } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import type { Algorithm } from './algorithm.ts';

/** What it takes to sign. */
export interface SigningKey {
  kid?: string | undefined;
  alg: Algorithm;
  signWith: KeyObject;
}

/** Signs a payload as it stands. */
export function signPayload(payload: object, { alg, kid, signWith }: SigningKey): string {
  // As text, because jsonwebtoken adds to and changes an object.
  return jsonwebtoken.sign(JSON.stringify(payload), signWith, { header: { alg, typ: 'JWT', kid } });
}
