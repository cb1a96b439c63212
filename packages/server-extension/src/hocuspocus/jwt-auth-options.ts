import type { Claims } from '../core/claims.ts';
import type { Authorize } from '../core/level-now.ts';
import { checkOptions } from '../core/options.ts';
import type { Verify } from '../token/verify.ts';
import type { AuthEvent } from './audit.ts';

/** Options of `JwtAuth`. Only `verify` is required. */
export interface JwtAuthOptions {
  /** From `createVerifier`. Its revocations end open connections. */
  verify: Verify;
  /**
   * A live check, at connect and at each renewal; the lower of its level and the token's wins, `undefined` refuses.
   * A throw, an answer that is no level, or none within 10 seconds, refuses with `auth-unavailable`, and a warning of
   * the process says what failed.
   */
  authorize?: Authorize | undefined;
  /** When an open connection needs its next token. */
  renewal?:
    | {
        /** The share of a token's life after which the client is asked for the next, above 0, up to 1. @default 2/3 */
        at?: number | undefined;
        /** Seconds after the token's expiry before the connection ends. @default 0 */
        grace?: number | undefined;
        /** Seconds in which a client must answer `revocations.renew()`. @default 10 */
        deadline?: number | undefined;
      }
    | undefined;
  /**
   * The `user` field of every awareness state comes from the token: `{ id, name, picture }`, or what this function
   * makes of the claims, and always with the verified `id`. A colour that the client chose stays. `false` leaves the
   * field to clients; client ids are protected all the same. @default true
   */
  presence?: boolean | ((claims: Claims) => Record<string, unknown>) | undefined;
  /** What a connection at level `comment` may change in the Yjs document. Without it, `comment` is read-only. */
  comments?:
    | {
        /** Root types of the Yjs document, with all that is in them. */
        types?: readonly string[] | undefined;
        /** Formatting marks that may be set and removed in the body. */
        marks?: readonly string[] | undefined;
      }
    | undefined;
  /** What one socket, or one open connection, may do. What exceeds them is refused or dropped. */
  limits?:
    | {
        /** Open connections of one document on one socket. @default 20 */
        connectionsPerDocument?: number | undefined;
        /** Refused tokens and documents on one socket, before it gets `rate-limited` unseen. @default 30 */
        refusalsPerMinute?: number | undefined;
        /** Yjs client ids of one open connection. @default 8 */
        clientIds?: number | undefined;
        /** Bytes of one awareness state. @default 16_384 */
        presenceBytes?: number | undefined;
      }
    | undefined;
  /** Tell clients their level and expiry in a stateless message, `{"hocuspass":{…}}`. @default true */
  announce?: boolean | undefined;
  /** Audit. The same events are published on the `node:diagnostics_channel` `hocuspass:<type>`. */
  onEvent?: ((event: AuthEvent) => void) | undefined;
}

/** The options with their defaults in place. Times in milliseconds. */
export interface JwtAuthConfiguration {
  authorize: Authorize | undefined;
  renewAt: number;
  graceMs: number;
  deadlineMs: number;
  presence: boolean | ((claims: Claims) => Record<string, unknown>);
  connectionsPerDocument: number;
  refusalsPerMinute: number;
  clientIds: number;
  presenceBytes: number;
  announce: boolean;
}

const WHERE = 'JwtAuth';

/** Throws a `TypeError` that names the option, at creation. */
export function configure(options: JwtAuthOptions): JwtAuthConfiguration {
  checkOptions(WHERE, options, [
    'verify',
    'authorize',
    'renewal',
    'presence',
    'comments',
    'limits',
    'announce',
    'onEvent',
  ]);
  const { verify, authorize, renewal = {}, presence = true, limits = {}, announce = true, onEvent } = options;
  if (typeof verify !== 'function') throw new TypeError(`${WHERE}: "verify" must be a function from createVerifier`);
  checkFunction('authorize', authorize);
  checkFunction('onEvent', onEvent);
  if (typeof presence !== 'boolean') checkFunction('presence', presence);
  if (typeof announce !== 'boolean') throw new TypeError(`${WHERE}: "announce" must be true or false`);
  checkOptions(`${WHERE}: renewal`, renewal, ['at', 'grace', 'deadline']);
  const { at = 2 / 3, grace = 0, deadline = 10 } = renewal;
  checkOptions(`${WHERE}: limits`, limits, [
    'connectionsPerDocument',
    'refusalsPerMinute',
    'clientIds',
    'presenceBytes',
  ]);
  const { connectionsPerDocument = 20, refusalsPerMinute = 30, clientIds = 8, presenceBytes = 16_384 } = limits;
  return {
    authorize,
    renewAt: checkNumber('renewal.at', at, (share) => share > 0 && share <= 1, 'above 0 and up to 1'),
    graceMs: 1_000 * checkNumber('renewal.grace', grace, (s) => s >= 0, 'a number of seconds'),
    deadlineMs: 1_000 * checkNumber('renewal.deadline', deadline, (s) => s > 0, 'a number of seconds'),
    presence,
    connectionsPerDocument: checkCount('connectionsPerDocument', connectionsPerDocument),
    refusalsPerMinute: checkCount('refusalsPerMinute', refusalsPerMinute),
    clientIds: checkCount('clientIds', clientIds),
    presenceBytes: checkCount('presenceBytes', presenceBytes),
    announce,
  };
}

function checkFunction(option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`${WHERE}: "${option}" must be a function`);
  }
}

function checkNumber(option: string, value: number, isGood: (value: number) => boolean, expected: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && isGood(value)) return value;
  throw new TypeError(`${WHERE}: "${option}" must be ${expected}`);
}

function checkCount(option: string, value: number): number {
  return checkNumber(`limits.${option}`, value, (n) => Number.isInteger(n) && n > 0, 'a positive whole number');
}
