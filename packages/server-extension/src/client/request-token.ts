import type { TokenEndpoint } from './token-source.ts';

/** Asks the endpoint once. Rejects with its `Response` if that is not a good one. */
export type RequestToken = () => Promise<unknown>;

const TIMEOUT_MS = 15_000;

/** Throws a `TypeError` if the endpoint is none. */
export function createRequestToken(endpoint: string | URL | TokenEndpoint): RequestToken {
  const { url, request = {}, documentNames, ...others } = Object(Object(endpoint).url ? endpoint : { url: endpoint });
  let [wrong] = Object.keys(others);
  if (!isText(url?.href ?? url)) wrong = 'url';
  if (Object(request) !== request) wrong = 'request';
  if (!(documentNames ?? []).every?.(isText)) wrong = 'documentNames';
  if (wrong) throw new TypeError(`createTokenSource: wrong "${wrong}"`);
  return async () => {
    const response = await fetch(url, {
      method: 'POST',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...request,
      // A Blob brings its content type along, whatever form the app's own headers have.
      ...(documentNames && { body: new Blob([JSON.stringify({ documentNames })], { type: 'application/json' }) }),
    });
    if (response.ok) return response.json();
    throw response;
  };
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
