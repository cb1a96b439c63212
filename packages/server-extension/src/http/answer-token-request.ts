import { isRecord } from '../core/record.ts';
import { stamp } from '../core/stamp.ts';
import type { Grant, IssuedToken, Sign, SignOptions } from '../token/grant.ts';
import type { Answer } from './answer.ts';
import { isEmptyGrant, narrowGrant } from './narrow-grant.ts';
import { Refusal } from './refusal.ts';
import { readDocumentNames } from './request-body.ts';
import { requireSameSite } from './same-site.ts';
import { type OnError, toRefusalAnswer } from './to-refusal-answer.ts';

/** A `Sign` that takes its time: keys in a key management service, say. */
export type AsyncSign = (grant: Grant, options?: SignOptions) => Promise<IssuedToken>;

/** A request for a token, as every host can tell it. */
interface TokenRequest {
  method: string;
  header(name: string): string | null | undefined;
  /** The parsed body; `undefined` where there is none. Throws a `Refusal` for everything but JSON. */
  readBody(): Promise<unknown>;
  /** What the app decides. */
  grant(): Grant | null | undefined | Promise<Grant | null | undefined>;
  /** Absent where limits are the platform's. Each throws a `Refusal`. */
  limits?: TokenLimits | undefined;
}

/** Who may ask how often. */
export interface TokenLimits {
  /** Counts nothing: refuses an address that has no requests left. */
  admitAddress(): Promise<void>;
  countSubject(subject: string): Promise<void>;
  countAddress(): Promise<void>;
}

/** What both adapters are given. */
interface TokenRules {
  sign: Sign | AsyncSign;
  allowedOrigins: ReadonlySet<string>;
  onError: OnError | undefined;
}

const ALLOWED_METHODS = 'GET, POST';

/** Answers with a token, or with the reason why not; never rejects. */
export async function answerTokenRequest(request: TokenRequest, rules: TokenRules): Promise<Answer> {
  try {
    requireMethod(request.method);
    requireSameSite(request.header('sec-fetch-site'), request.header('origin'), rules.allowedOrigins);
    // From before the app was asked: what is withdrawn while it thinks must not survive in the token.
    const issuedAt = stamp();
    return toAnswer(await rules.sign(await decideGrant(request), { issuedAt }));
  } catch (error) {
    return toRefusalAnswer(error, rules.onError);
  }
}

function requireMethod(method: string): void {
  if (method === 'POST' || method === 'GET') return;
  throw new Refusal('method-not-allowed', { headers: { Allow: ALLOWED_METHODS } });
}

async function decideGrant(request: TokenRequest): Promise<Grant> {
  const { limits } = request;
  await limits?.admitAddress();
  const { grant, documentNames } = await askApp(request);
  // First the subject: what one runaway tab asks in vain must not use up the requests of a whole office.
  if (grant !== undefined) await limits?.countSubject(grant.subject);
  await limits?.countAddress();
  if (grant === undefined) throw new Refusal('signed-out');
  const narrowed = documentNames === undefined ? grant : narrowGrant(grant, documentNames);
  if (isEmptyGrant(narrowed)) throw new Refusal('document-forbidden');
  return narrowed;
}

async function askApp({ readBody, grant, limits }: TokenRequest): Promise<{
  documentNames: readonly string[] | undefined;
  grant: Grant | undefined;
}> {
  try {
    const documentNames = readDocumentNames(await readBody());
    return { documentNames, grant: requireGrant(await grant()) };
  } catch (error) {
    await limits?.countAddress();
    throw error;
  }
}

function requireGrant(grant: Grant | null | undefined): Grant | undefined {
  // `req.user && { … }` may also answer false or ''.
  if (!grant) return undefined;
  const { subject, documents } = grant;
  // Of a Map nothing would be seen: it would grant nothing, silently.
  const hasDocuments = isRecord(documents) && !(Symbol.iterator in documents);
  if (typeof subject === 'string' && subject !== '' && hasDocuments) return grant;
  throw new TypeError('"grant" must return { subject, documents }, or nothing');
}

function toAnswer({ token, expiresAt, expiresInSeconds }: IssuedToken): Answer {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    body: JSON.stringify({ token, expiresAt: expiresAt.toISOString(), expiresInSeconds }),
  };
}
