import { createTokenSource, type TokenSource } from 'hocuspass/client';
import { type Explanation, readAccess } from 'hocuspass/core';
import { createEmitter } from './emitter.ts';

/** A token, decoded to be looked at. Only the server can tell whether it is genuine. */
export interface Pass {
  token: string;
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
  lifetimeSeconds: number;
}

/** A token source that lets the page see what passes through it. */
export interface PassSource extends TokenSource {
  current(): Pass | undefined;
  onIssued(listener: (pass: Pass) => void): () => void;
}

export function createPassSource(): PassSource {
  const tokens = createTokenSource(new URL('collab/token', document.baseURI));
  const issued = createEmitter<Pass>();
  let current: Pass | undefined;

  const observe = async (next: Promise<string>): Promise<string> => {
    const token = await next;
    if (token !== current?.token) {
      current = decodePass(token);
      issued.emit(current);
    }
    return token;
  };

  return Object.assign(() => observe(tokens()), tokens, {
    refresh: () => observe(tokens.refresh()),
    current: () => current,
    onIssued: issued.on,
  });
}

function decodePass(token: string): Pass {
  const [header = '', claims = ''] = token.split('.').map(decodePart);
  const decoded = parse(claims);
  const { exp, iat } = decoded;
  const lifetimeSeconds = typeof exp === 'number' && typeof iat === 'number' ? exp - iat : 0;
  return { token, header: parse(header), claims: decoded, lifetimeSeconds };
}

/** Why a pass opens a document, or does not. */
export function explain(pass: Pass, documentName: string): Explanation | undefined {
  try {
    return readAccess(pass.claims).explain(documentName);
  } catch {
    return undefined;
  }
}

/** The same token with one character of its claims changed, and where. */
export function tamperWith(token: string): { token: string; at: number } {
  const at = token.indexOf('.') + 24;
  const flipped = token[at] === 'A' ? 'B' : 'A';
  return { token: token.slice(0, at) + flipped + token.slice(at + 1), at };
}

function decodePart(part: string): string {
  const bytes = Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
