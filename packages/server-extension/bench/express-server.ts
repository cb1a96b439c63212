import { once } from 'node:events';
import express, { type RequestHandler } from 'express';
import jsonwebtoken from 'jsonwebtoken';
import { tokenEndpoint } from '../src/express.ts';
import { createSigner } from '../src/index.ts';
import { answerParent } from './answer-parent.ts';
import { benchSecret } from './bench-secret.ts';
import { sampleGrant } from './sample-grant.ts';

const [, , kind = ''] = process.argv;

let requests = 0;
const nextSubject = () => {
  requests += 1;
  return `user-${requests % 1_000}`;
};

const endpoint = {
  sign: createSigner({ secret: benchSecret, issuer: 'https://app.example', audience: 'collab' }),
  grant: () => sampleGrant(nextSubject()),
};

const KINDS: Readonly<Record<string, () => RequestHandler>> = {
  'hocuspass, rateLimit: false': () => tokenEndpoint({ ...endpoint, rateLimit: false }),
  'hocuspass, with limits': () => tokenEndpoint({ ...endpoint, rateLimit: { limit: 1e9 } }),
  'bare Express route with jsonwebtoken.sign': () => (_req, res) => {
    const subject = nextSubject();
    const payload = {
      ...{
        sub: subject,
        sid: `session of ${subject}`,
        name: 'Ada Lovelace',
        iss: 'https://app.example',
        aud: 'collab',
      },
      allowedDocumentNames: ['team/*', `${subject}/*`],
      readonlyDocumentNames: ['handbook/*', 'reviews/*'],
      commentDocumentNames: ['reviews/*'],
    };
    res.json({ token: jsonwebtoken.sign(payload, benchSecret, { expiresIn: '15m' }) });
  },
};

const app = express();
const handler = KINDS[kind]?.();
if (handler) app.post('/collab/token', handler);
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');

answerParent({
  url: () => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/collab/token` : '';
  },
});
