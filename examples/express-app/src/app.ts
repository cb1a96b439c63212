import { createServer, type Server } from 'node:http';
import express, { type ErrorRequestHandler } from 'express';
import { createRevocations, createSigner, createVerifier } from 'hocuspass';
import { tokenEndpoint } from 'hocuspass/express';
import { type AuthEvent, JwtAuth } from 'hocuspass/hocuspocus';
import { createAccounts } from './accounts.ts';
import { authRoutes } from './auth-routes.ts';
import { createCollaboration } from './collaboration.ts';
import { openDatabase } from './database.ts';
import { demoRoutes } from './demo-routes.ts';
import { manyServers, oneServer } from './deployment.ts';
import { createDocuments, documentStorage } from './documents.ts';
import { createAuthorize, createGrant } from './grants.ts';
import { pageRoutes } from './page.ts';
import { sendProblem } from './problem.ts';
import { documentRoutes } from './rest.ts';
import { readOrCreateSecret } from './secret.ts';
import { seed } from './seed.ts';
import { createSessions } from './sessions.ts';
import { readSettings, type Settings } from './settings.ts';
import { shareRoutes } from './share-routes.ts';
import { createShares } from './shares.ts';
import { createSignIn, MOUNT_POINTS } from './sign-in.ts';

const COLLABORATION_PATHS = ['/collab', '/left/collab', '/right/collab'];

export interface App {
  /** Not listening yet. */
  server: Server;
  /** Stores what is unsaved and lets go of everything. */
  close(): Promise<void>;
}

export interface AppOptions extends Partial<Settings> {
  /** Where the built editor page is. */
  pageDir?: string | undefined;
  onEvent?: ((event: AuthEvent) => void) | undefined;
}

/** The whole app in one server: page, sign-in, tokens, REST and collaboration. */
export function createApp({ pageDir, onEvent, ...given }: AppOptions = {}): App {
  const settings: Settings = { ...readSettings(), ...given };
  const database = openDatabase(settings.dataDir);
  seed(database);
  const accounts = createAccounts(database);
  const sessions = createSessions(database);
  const shares = createShares(database);
  const documents = createDocuments(database);
  const signIn = createSignIn(sessions);

  const deployment = settings.redisUrl ? manyServers(settings.redisUrl) : oneServer(settings.dataDir);
  const secret = settings.secret ?? readOrCreateSecret(settings.dataDir);
  const revocations = createRevocations({ store: deployment.revocationStore });
  const verify = createVerifier({ secret, revocations });
  const sign = createSigner({ secret, expiresIn: settings.tokenExpiresIn });
  const grantFor = createGrant(accounts, shares);
  const authorize = createAuthorize(shares);

  const app = express().disable('x-powered-by');
  const server = createServer(app);
  const { hocuspocus, ...collaboration } = createCollaboration(server, COLLABORATION_PATHS, [
    new JwtAuth({ verify, authorize, comments: { types: ['comments'] }, onEvent }),
    documentStorage(documents),
    ...deployment.extensions,
  ]);

  const routes = express.Router();
  routes.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  routes.post(
    '/collab/token',
    tokenEndpoint({
      sign,
      grant: (req) => {
        const session = signIn.session(req);
        return session && grantFor(session);
      },
      rateLimit: { limit: settings.tokenRequestsPerMinute, ...deployment.rateLimit },
    }),
  );
  routes.use(['/auth', '/api', '/demo'], express.json({ limit: '16kb' }), (_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  routes.use('/auth', authRoutes({ accounts, sessions, signIn, revocations }));
  routes.use('/demo', demoRoutes({ signIn, revocations }));
  routes.use('/api/documents', shareRoutes({ accounts, shares, verify, revocations }));
  routes.use('/api/documents', documentRoutes({ documents, hocuspocus, verify, authorize, apiKey: settings.apiKey }));
  routes.use(pageRoutes(pageDir));
  app.use(MOUNT_POINTS, routes);
  app.use(routes);
  app.use(handleError);

  return {
    server,
    close: async () => {
      server.close();
      await collaboration.close();
      await revocations.close();
      await deployment.close();
      server.closeAllConnections();
      database.close();
    },
  };
}

const handleError: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error);
  const status = typeof error?.status === 'number' ? error.status : 500;
  if (status >= 500) console.error(error);
  sendProblem(res, status, status < 500 ? 'The request cannot be read.' : 'Something went wrong here.');
};
