import express, { type Router } from 'express';
import type { Revocations } from 'hocuspass';
import { sendProblem } from './problem.ts';
import type { SignIn } from './sign-in.ts';

/** What only the demo needs: "make my pass expire now". */
export function demoRoutes({ signIn, revocations }: { signIn: SignIn; revocations: Revocations }): Router {
  const router = express.Router();

  router.post('/renew', async (req, res) => {
    const session = signIn.session(req);
    if (!session) return sendProblem(res, 401, 'Nobody is signed in.');
    await revocations.renew({ session: session.id });
    res.sendStatus(204);
  });

  return router;
}
