import { Refusal } from './refusal.ts';

const HARMLESS_SITES = new Set(['same-origin', 'same-site', 'none']);

/** Refuses what a page of another site has the browser send (Fetch Metadata), unless its origin is allowed. */
export function requireSameSite(
  site: string | null | undefined,
  origin: string | null | undefined,
  allowedOrigins: ReadonlySet<string>,
): void {
  // Only browsers send the header, and pages cannot set it.
  if (site === undefined || site === null || HARMLESS_SITES.has(site)) return;
  if (typeof origin !== 'string' || !allowedOrigins.has(origin)) throw new Refusal('cross-site');
}

/** Reads the option `allowedOrigins`. Throws a `TypeError` for what no browser ever sends as an `Origin`. */
export function toAllowedOrigins(where: string, origins: unknown): ReadonlySet<string> {
  if (origins === undefined) return new Set();
  if (Array.isArray(origins) && origins.every(isOrigin)) return new Set(origins);
  throw new TypeError(`${where}: "allowedOrigins" must be a list of origins such as 'https://app.example'`);
}

function isOrigin(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[a-z][a-z\d+.-]*:\/\/[^\s/\\?#@*,A-Z]+$/.test(value)) return false;
  // Schemes of apps, such as capacitor:, have an origin for browsers only.
  return !/^https?:/.test(value) || URL.parse(value)?.origin === value;
}
