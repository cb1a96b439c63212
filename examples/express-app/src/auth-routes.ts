import express, { type Router } from 'express';
import type { Revocations } from 'hocuspass';
import type { Accounts } from './accounts.ts';
import { sendProblem } from './problem.ts';
import type { Sessions } from './sessions.ts';
import type { SignIn } from './sign-in.ts';

/** Signing in and out. Whoever signs out loses the tokens too, and with them the open editors in every tab. */
export function authRoutes(parts: {
  accounts: Accounts;
  sessions: Sessions;
  signIn: SignIn;
  revocations: Revocations;
}): Router {
  const { accounts, sessions, signIn, revocations } = parts;
  const router = express.Router();

  const endSession = async (id: string): Promise<void> => {
    // First no new tokens, then no old ones.
    sessions.end(id);
    await revocations.revoke({ session: id });
  };

  router.get('/accounts', (_req, res) => {
    res.json(accounts.list());
  });

  router.get('/me', (req, res) => {
    const session = signIn.session(req);
    const account = session && accounts.find(session.username);
    if (!account) return sendProblem(res, 401, 'Nobody is signed in.');
    const { username, name } = account;
    res.json({ username, name, owns: accounts.foldersOf(username) });
  });

  router.post('/login', async (req, res) => {
    const username: unknown = req.body?.username;
    const account = typeof username === 'string' ? accounts.find(username) : undefined;
    if (!account) return sendProblem(res, 401, 'There is no such account.');
    const previous = signIn.session(req);
    if (previous) await endSession(previous.id);
    signIn.start(req, res, account.username);
    res.sendStatus(204);
  });

  router.post('/logout', async (req, res) => {
    const session = signIn.session(req);
    signIn.clear(req, res);
    if (session && req.body?.everywhere === true) {
      sessions.endAll(session.username);
      await revocations.revoke({ subject: session.username });
    } else if (session) {
      await endSession(session.id);
    }
    res.sendStatus(204);
  });

  return router;
}
