import type { AccessLevel } from 'hocuspass/core';
import { isAccessLevel } from './level.ts';

/** An account of the demo. */
export interface Account {
  username: string;
  name: string;
  description: string;
}

/** Whoever is signed in. */
export interface Me {
  username: string;
  name: string;
  /** The folders whose documents this person may share; `undefined` if the server does not tell. */
  owns: readonly string[] | undefined;
}

export interface ListedDocument {
  name: string;
  level: AccessLevel;
}

export interface Share {
  subject: string;
  /** `null`: no access, whatever else would grant it. */
  level: AccessLevel | null;
}

/** An answer that is not the hoped-for one. */
class RequestError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'RequestError';
    this.status = status;
  }
}

// Addresses are relative to the page, so that `/left/` and `/right/` are two places with sessions of their own.

export async function fetchAccounts(): Promise<Account[]> {
  return asArray(await json(await request('auth/accounts'))).map((account) => ({
    username: asText(account, 'username'),
    name: asText(account, 'name'),
    description: asText(account, 'description'),
  }));
}

/** Who is signed in here; `undefined` if nobody is. */
export async function fetchMe(): Promise<Me | undefined> {
  const response = await fetch('auth/me');
  if (response.status === 401) return undefined;
  const me = await json(check(response));
  const { owns } = asRecord(me);
  return {
    username: asText(me, 'username'),
    name: asText(me, 'name'),
    owns: Array.isArray(owns) ? owns.map(String) : undefined,
  };
}

export async function signIn(username: string): Promise<void> {
  await request('auth/login', post({ username }));
}

export async function signOut(where: 'here' | 'everywhere'): Promise<void> {
  await request('auth/logout', post({ everywhere: where === 'everywhere' }));
}

/** Has the server ask every open connection of this session for a fresh token. */
export async function expireNow(): Promise<void> {
  await request('demo/renew', post({}));
}

export async function fetchDocuments(token: string): Promise<ListedDocument[]> {
  const { documents } = asRecord(await json(await request('api/documents', bearer(token))));
  return asArray(documents).flatMap((document) => {
    const { level } = asRecord(document);
    return isAccessLevel(level) ? [{ name: asText(document, 'name'), level }] : [];
  });
}

/** What the owner shared; `undefined` for everybody else. */
export async function fetchShares(token: string, documentName: string): Promise<Share[] | undefined> {
  const response = await fetch(accessUrl(documentName), bearer(token));
  if (response.status === 401 || response.status === 403 || response.status === 404) return undefined;
  const { shares } = asRecord(await json(check(response)));
  return asArray(shares).map((share) => {
    const { level } = asRecord(share);
    return { subject: asText(share, 'subject'), level: isAccessLevel(level) ? level : null };
  });
}

export async function share(token: string, documentName: string, { subject, level }: Share): Promise<void> {
  const { headers } = bearer(token);
  const { headers: type, body } = post({ subject, level });
  await request(accessUrl(documentName), { method: 'PUT', headers: { ...headers, ...type }, body });
}

/** Where the editors of this page connect. */
export function collaborationUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/collab`;
}

function accessUrl(documentName: string): string {
  return `api/documents/${documentName.split('/').map(encodeURIComponent).join('/')}/access`;
}

function bearer(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}

function post(body: unknown): { method: string; headers: Record<string, string>; body: string } {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function request(url: string, init?: RequestInit): Promise<Response> {
  return check(await fetch(url, init));
}

function check(response: Response): Response {
  if (!response.ok) throw new RequestError(response.status, `The server answered ${response.status}.`);
  return response;
}

async function json(response: Response): Promise<unknown> {
  return response.json();
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown, key: string): string {
  const text = asRecord(value)[key];
  return typeof text === 'string' ? text : '';
}
