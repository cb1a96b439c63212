import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Server } from '@hocuspocus/server';
import express from 'express';
import { createSigner, createVerifier } from 'hocuspass';
import { tokenEndpoint } from 'hocuspass/express';
import { JwtAuth } from 'hocuspass/hocuspocus';
import { createServer as createVite } from 'vite';

const { PORT = '3000', COLLAB_PORT = '1234' } = process.env;
const secret = process.env.COLLAB_SECRET || randomBytes(32).toString('base64url');

// Your accounts go here: who may do what, by document name or pattern.
const people = new Map([
  ['ada', { 'team/*': 'write' }],
  ['ben', { 'team/*': 'write', 'team/handbook': 'read' }],
]);

// Hocuspocus, which lets in whoever holds a good token, for as long as it is good.
const collaboration = new Server({
  port: Number(COLLAB_PORT),
  address: '127.0.0.1',
  quiet: true,
  extensions: [new JwtAuth({ verify: createVerifier({ secret }) })],
});
await collaboration.listen();

// Your app, which knows who is signed in, and issues the tokens. Here, anybody is who they say: ?as=ada
const app = express();
app.post(
  '/collab/token',
  tokenEndpoint({
    sign: createSigner({ secret, expiresIn: '15m' }),
    grant: (req) => {
      const documents = people.get(req.query.as);
      return documents && { subject: req.query.as, name: req.query.as, documents };
    },
  }),
);

// The page: index.html and page.js.
const server = createServer(app);
const vite = await createVite({
  root: import.meta.dirname,
  server: { middlewareMode: true, hmr: { server } },
  define: { COLLAB_PORT: JSON.stringify(COLLAB_PORT) },
});
app.use(vite.middlewares);
server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://localhost:${PORT}/?as=ada`));
