import type { Access, Explanation } from './access.ts';
import { type Decide, type Decision, NOTHING, UNSCOPED_WRITE } from './decision.ts';
import { readDocuments } from './documents-style.ts';
import { explain } from './explain.ts';
import { type AccessLevel, isAccessLevel, isAtLeast } from './level.ts';
import { malformed } from './malformed.ts';
import { NAMES_CLAIMS, readNames } from './names-style.ts';
import { checkOptions } from './options.ts';
import { readPermissions } from './permissions-style.ts';
import { isRecord } from './record.ts';
import { readRooms } from './rooms-style.ts';

/** Options of `readAccess`. */
export interface ReadAccessOptions {
  /** What a token that names no documents grants. Tiptap Cloud: 'write'. @default 'deny' */
  unscoped?: 'deny' | 'write' | undefined;
}

/**
 * Reads what a verified payload grants: the only place that knows the claims of the four styles.
 * Throws `AuthError('token-invalid')` if they are malformed, or if there is more than one style.
 *
 * @example
 * readAccess({ allowedDocumentNames: ['notes/*'] }).levelFor('notes/ada') // 'write'
 */
export function readAccess(payload: unknown, options: ReadAccessOptions = {}): Access {
  checkOptions('readAccess', options, ['unscoped']);
  const { unscoped = 'deny' } = options;
  if (unscoped !== 'deny' && unscoped !== 'write') {
    throw new TypeError(`readAccess: "unscoped" must be 'deny' or 'write'`);
  }
  if (!isRecord(payload)) throw malformed('its payload is not an object');
  // Whoever verifies the same token shares it.
  return Object.freeze(new TokenAccess(...readStyle(payload, unscoped === 'write' ? UNSCOPED_WRITE : NOTHING)));
}

function readStyle(payload: Readonly<Record<string, unknown>>, fallback: Decision): [Explanation['style'], Decide] {
  const hasNames = NAMES_CLAIMS.some((claim) => Object.hasOwn(payload, claim));
  const hasPermissions = Object.hasOwn(payload, 'permissions');
  const hasDocuments = Object.hasOwn(payload, 'documents');
  if (Number(hasNames) + Number(hasPermissions) + Number(hasDocuments) > 1) {
    throw malformed('it names documents in more than one style');
  }
  if (hasNames) return ['names', readNames(payload, fallback)];
  if (hasDocuments) return ['documents', readDocuments(payload.documents)];
  if (!hasPermissions) return ['unscoped', () => fallback];
  if (Array.isArray(payload.permissions)) return ['permissions', readPermissions(payload.permissions)];
  if (isRecord(payload.permissions)) return ['rooms', readRooms(payload.permissions)];
  throw malformed('permissions is neither a list nor an object');
}

class TokenAccess implements Access {
  readonly #style: Explanation['style'];
  readonly #decide: Decide;

  constructor(style: Explanation['style'], decide: Decide) {
    this.#style = style;
    this.#decide = decide;
  }

  levelFor(documentName: string): AccessLevel | undefined {
    // Callers without types may have found no name at all; that must not become one.
    return typeof documentName === 'string' ? this.#decide(documentName).level : undefined;
  }

  filter(documentNames: readonly string[], level: AccessLevel = 'read'): string[] {
    if (!isAccessLevel(level)) throw new TypeError('filter: "level" must be read, comment or write');
    return documentNames.filter((documentName) => isAtLeast(this.levelFor(documentName), level));
  }

  explain(documentName: string): Explanation {
    return explain(documentName, this.#style, this.#decide(documentName));
  }
}
