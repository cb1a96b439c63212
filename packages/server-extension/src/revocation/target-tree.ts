import type { Claims } from '../core/claims.ts';
import { DocumentEntries } from './document-entries.ts';
import type { RevocationEntry } from './revocation-store.ts';

/** Entries by token, then session, then subject; at each step those that name one, and those that do not. */
interface Branch {
  named?: Map<string, Branch>;
  unnamed?: Branch;
  entries?: DocumentEntries;
}

type Kind = RevocationEntry['kind'];

/** Finds the entries that concern a token: a few map look-ups, however many entries there are. */
export class TargetTree {
  readonly #root: Branch = {};

  /** Takes an entry; the older one of the same kind and target is replaced. */
  add(entry: RevocationEntry): void {
    const { tokenId, session, subject } = entry.target;
    const branch = grow(grow(grow(this.#root, tokenId), session), subject);
    branch.entries ??= new DocumentEntries();
    branch.entries.add(entry);
  }

  /** What has become of a token issued at `issued` (microseconds), the gravest first: `revoke`, then `renew`. */
  find(claims: Claims, issued: number, documentName: string | undefined): Kind | undefined {
    return findFrom(this.#root, 0, [claims.tokenId, claims.session, claims.subject], issued, documentName);
  }
}

function grow(branch: Branch, name: string | undefined): Branch {
  if (name === undefined) {
    branch.unnamed ??= {};
    return branch.unnamed;
  }
  branch.named ??= new Map();
  const known = branch.named.get(name) ?? {};
  branch.named.set(name, known);
  return known;
}

function findFrom(
  branch: Branch,
  depth: number,
  names: readonly (string | undefined)[],
  issued: number,
  documentName: string | undefined,
): Kind | undefined {
  if (branch.entries !== undefined) return branch.entries.find(issued, documentName);
  const name = names[depth];
  const named = name === undefined ? undefined : branch.named?.get(name);
  const found = named && findFrom(named, depth + 1, names, issued, documentName);
  if (found === 'revoke' || branch.unnamed === undefined) return found;
  return findFrom(branch.unnamed, depth + 1, names, issued, documentName) ?? found;
}
