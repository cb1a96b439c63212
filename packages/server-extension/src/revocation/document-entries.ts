import { toPrefix } from '../core/pattern.ts';
import { toMicroseconds } from './moment.ts';
import type { RevocationEntry } from './revocation-store.ts';

type Kind = RevocationEntry['kind'];

/** The newest entry of each kind. */
type Newest = { [kind in Kind]?: RevocationEntry };

/** The entries of one person, session or token: for all documents, for one, or for those of a prefix. */
export class DocumentEntries {
  readonly #everywhere: Newest = {};
  readonly #names = new Map<string, Newest>();
  readonly #prefixes = new Map<string, Newest>();
  /** The distinct lengths of the prefixes: one look-up each. */
  readonly #lengths = new Set<number>();

  add(entry: RevocationEntry): void {
    this.#newestOf(entry.target.document)[entry.kind] = entry;
  }

  /** What has become of a token issued at `issued` (microseconds). */
  find(issued: number, documentName: string | undefined): Kind | undefined {
    let found = worst(this.#everywhere, issued);
    if (documentName === undefined) return found;
    found = graver(found, worst(this.#names.get(documentName), issued));
    for (const length of this.#lengths) {
      if (found === 'revoke') return found;
      if (length <= documentName.length) {
        found = graver(found, worst(this.#prefixes.get(documentName.slice(0, length)), issued));
      }
    }
    return found;
  }

  #newestOf(document: string | undefined): Newest {
    if (document === undefined) return this.#everywhere;
    const prefix = toPrefix(document);
    if (prefix === undefined) return ensure(this.#names, document);
    this.#lengths.add(prefix.length);
    return ensure(this.#prefixes, prefix);
  }
}

function ensure(entries: Map<string, Newest>, key: string): Newest {
  const known = entries.get(key) ?? {};
  entries.set(key, known);
  return known;
}

function worst(newest: Newest | undefined, issued: number): Kind | undefined {
  if (newest === undefined) return undefined;
  if (withdraws(newest.revoke, issued)) return 'revoke';
  return withdraws(newest.renew, issued) ? 'renew' : undefined;
}

function withdraws(entry: RevocationEntry | undefined, issued: number): boolean {
  return entry !== undefined && issued <= toMicroseconds(entry.at) && entry.until >= Date.now();
}

function graver(a: Kind | undefined, b: Kind | undefined): Kind | undefined {
  return a === 'revoke' ? a : (b ?? a);
}
