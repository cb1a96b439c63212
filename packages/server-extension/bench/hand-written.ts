import type { Extension } from '@hocuspocus/server';
import jsonwebtoken from 'jsonwebtoken';
import { benchSecret } from './bench-secret.ts';
import { createFloor } from './floor.ts';

/** What teams write by hand: verify, look the name up, and hand the payload on. */
export const handWritten: Extension = {
  async onAuthenticate({ token, documentName }) {
    const payload = jsonwebtoken.verify(token, benchSecret);
    if (typeof payload === 'string') throw new Error('Unauthorized');
    const names: string[] = payload.allowedDocumentNames;
    if (!names.some((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`).test(documentName))) {
      throw new Error('Unauthorized');
    }
    return { token, user: { id: payload.sub }, tokenExpiresAt: new Date((payload.exp ?? 0) * 1_000) };
  },
};

/** The check that the documentation of Hocuspocus shows, for each message. */
export const expiryCheck: Extension = {
  ...handWritten,
  async beforeHandleMessage({ context }) {
    if (context.tokenExpiresAt <= new Date()) throw { reason: 'Token expired' };
  },
};

/** What is left to those who want more. */
export const verifyEach: Extension = {
  ...handWritten,
  async beforeHandleMessage({ context }) {
    jsonwebtoken.verify(context.token, benchSecret);
  },
};

const readFloor = createFloor(benchSecret);

/** Less than any check of a token can be: the signature, and what it covers. */
export const floor: Extension = {
  async onAuthenticate({ token }) {
    return { user: readFloor(token) };
  },
};
