/** Somebody with a cookie, who asks an app. */
export interface Person {
  fetch(path: string, init?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Response>;
  /** A fresh token's text; throws the response if there is none. */
  token(body?: unknown): Promise<string>;
  /** Asks with a fresh token. */
  withToken(path: string, init?: { method?: string; body?: unknown; token?: string }): Promise<Response>;
}

/** Somebody who is signed in; without a name, nobody. */
export async function signIn(url: string, username?: string): Promise<Person> {
  let cookie = '';

  const ask: Person['fetch'] = async (path, { method = 'GET', body, headers = {} } = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...headers,
        ...(cookie && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const [set] = response.headers.getSetCookie();
    if (set) cookie = set.split(';')[0] ?? '';
    return response;
  };
  const token: Person['token'] = async (body) => {
    const response = await ask('/collab/token', { method: 'POST', body });
    // As a token source wants it: it reads the status.
    if (!response.ok) throw response;
    return (await response.json()).token;
  };
  const withToken: Person['withToken'] = async (path, { token: given, ...init } = {}) =>
    ask(path, { ...init, headers: { authorization: `Bearer ${given ?? (await token())}` } });

  if (username !== undefined) await ask('/auth/login', { method: 'POST', body: { username } });
  return { fetch: ask, token, withToken };
}
