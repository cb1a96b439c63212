import { AbstractType, ContentEmbed, ContentFormat, ContentString, type Item, Text } from 'yjs';
import type { CommentScope, SharedType } from './comment-scope.ts';

// y-prosemirror and y-tiptap write marks that may overlap themselves as `mark--hash`.
const HASH = /^--[a-zA-Z0-9+/=]{8}$/;

/** Whether an item sets or ends one of the marks. */
export function isMark({ marks }: CommentScope, { content }: Item): boolean {
  if (!(content instanceof ContentFormat)) return false;
  const { key } = content;
  return marks.some((mark) => key === mark || (key.startsWith(mark) && HASH.test(key.slice(mark.length))));
}

/**
 * Tells whether a type is a text, where formats are shown and nothing else. A root type that the server never asked for
 * has no class yet: then the characters in it tell, which are looked for once.
 */
export function createIsText(): (parent: SharedType | string) => parent is SharedType {
  const known = new Map<SharedType | string, boolean>();
  return (parent): parent is SharedType => {
    const answer = known.get(parent) ?? holdsText(parent);
    known.set(parent, answer);
    return answer;
  };
}

function holdsText(parent: SharedType | string): boolean {
  if (typeof parent === 'string') return false;
  if (parent instanceof Text) return true;
  if (Object.getPrototypeOf(parent) !== AbstractType.prototype) return false;
  for (let item = parent._start; item !== null; item = item.right) {
    if (item.content instanceof ContentString || item.content instanceof ContentEmbed) return true;
  }
  return false;
}

/** Whether all that is in a text keeps the formats it shows when some of the format items are gone. */
export function looksTheSame(text: SharedType, isGone: (item: Item) => boolean): boolean {
  const before = new Map<string, string>();
  const after = new Map<string, string>();
  const changed = new Set<string>();
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof ContentFormat) {
      const { key, value } = item.content;
      before.set(key, JSON.stringify(value));
      if (!isGone(item)) after.set(key, JSON.stringify(value));
      if ((before.get(key) ?? 'null') === (after.get(key) ?? 'null')) changed.delete(key);
      else changed.add(key);
    } else if (item.countable && changed.size > 0) return false;
  }
  return true;
}
