// What code blocks in the documentation may use without saying where it comes from: the things of an app, which every
// reader has in some form. All that hocuspass itself exports must be imported.
import type { HocuspocusProvider } from '@hocuspocus/provider';
import type { Server } from '@hocuspocus/server';
import type { Editor } from '@tiptap/core';
import type express from 'express';
import type { Grant, IssuedToken, Key, Revocations, Sign, Verify } from 'hocuspass';
import type { AuthState, TokenSource } from 'hocuspass/client';
import type { Redis } from 'ioredis';
import type { Doc } from 'yjs';

declare global {
  // The server side, made once at start.
  const app: express.Express;
  const server: Server;
  const redis: Redis;
  const key: { secret: string; issuer: string; audience: string };
  const keys: readonly Key[];
  const sign: Sign;
  const verify: Verify;
  const revocations: Revocations;
  const grant: (req: express.Request) => Grant | undefined;
  const signIn: express.RequestHandler;
  const showDocument: express.RequestHandler;
  const token: string;
  const issued: IssuedToken;

  // The browser side.
  const url: string;
  const ydoc: Doc;
  const provider: HocuspocusProvider;
  const tokens: TokenSource;
  const auth: AuthState;
  const editor: Editor;

  namespace Express {
    // What a session middleware and a sign-in leave behind.
    interface Request {
      user?: { id: string; name: string };
      session: { id: string };
    }
  }
}
