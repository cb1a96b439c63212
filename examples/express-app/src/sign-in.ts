import type { Request, Response } from 'express';
import type { Session, Sessions } from './sessions.ts';

/** Where the app is found beside the root, with sessions of its own: two people fit on one page, in frames. */
export const MOUNT_POINTS = ['/left', '/right'];

/** The session cookie of the place that a request is made to. */
export interface SignIn {
  session(req: Request): Session | undefined;
  start(req: Request, res: Response, username: string): void;
  clear(req: Request, res: Response): void;
}

export function createSignIn(sessions: Sessions): SignIn {
  return {
    session: (req) => {
      const cookie = readCookie(req.headers.cookie ?? '', cookieName(req));
      return cookie === undefined ? undefined : sessions.find(cookie);
    },
    start: (req, res, username) => {
      const { cookie, lifetimeSeconds } = sessions.start(username);
      res.cookie(cookieName(req), cookie, { ...cookieOptions(req), maxAge: lifetimeSeconds * 1000 });
    },
    clear: (req, res) => {
      res.clearCookie(cookieName(req), cookieOptions(req));
    },
  };
}

function mountPoint({ originalUrl }: Request): string {
  return MOUNT_POINTS.find((path) => originalUrl.startsWith(`${path}/`)) ?? '/';
}

function cookieName(req: Request): string {
  return `session${mountPoint(req).replace('/', '_')}`;
}

function cookieOptions(req: Request): { httpOnly: true; sameSite: 'lax'; path: string; secure: boolean } {
  return { httpOnly: true, sameSite: 'lax', path: mountPoint(req), secure: req.secure };
}

function readCookie(header: string, name: string): string | undefined {
  const pair = header.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
