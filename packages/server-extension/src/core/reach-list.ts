import type { Reach } from './constraints.ts';
import { PatternList } from './pattern-list.ts';

/** Many reaches, and the question whether any of them includes a document. */
export class ReachList {
  readonly #names = new Set<string>();
  readonly #prefixPatterns: string[] = [];
  readonly #prefixes = new PatternList(this.#prefixPatterns);
  readonly #others: { prefix: string; suffix: string }[] = [];

  /** All are added before the first question is asked. */
  add(reach: Reach): void {
    if ('name' in reach) this.#names.add(reach.name);
    else if (reach.suffix === '') this.#prefixPatterns.push(`${reach.prefix}*`);
    else this.#others.push(reach);
  }

  /** How one that includes the document reads: its name, or its beginning and end around a `*`. */
  match(documentName: string): string | undefined {
    if (this.#names.has(documentName)) return documentName;
    const pattern = this.#prefixes.match(documentName);
    if (pattern !== undefined) return pattern;
    const found = this.#others.find(
      ({ prefix, suffix }) =>
        documentName.length >= prefix.length + suffix.length &&
        documentName.startsWith(prefix) &&
        documentName.endsWith(suffix),
    );
    return found && `${found.prefix}*${found.suffix}`;
  }
}
