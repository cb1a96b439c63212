import { ContentAny, ContentEmbed, ContentFormat, ContentJSON, ContentType, type Item } from 'yjs';

const MAX_DEPTH = 100;

/**
 * Whether an item nests no deeper than editors do, `depth` types down. Yjs deletes nested types and encodes nested values
 * by recursion, and a document in which that overflows the stack never emits an update again.
 */
export function isShallow({ content }: Item, depth: number): boolean {
  if (content instanceof ContentType) return depth < MAX_DEPTH;
  if (content instanceof ContentFormat) return isShallowValue(content.value, MAX_DEPTH);
  if (content instanceof ContentEmbed) return isShallowValue(content.embed, MAX_DEPTH);
  if (content instanceof ContentAny || content instanceof ContentJSON) return isShallowValue(content.arr, MAX_DEPTH);
  return true;
}

function isShallowValue(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((each) => isShallowValue(each, levels - 1));
  // Inherited ones, too: lib0 encodes them, and decodes "__proto__" as any other name.
  for (const key in value) if (!isShallowValue(Reflect.get(value, key), levels - 1)) return false;
  return true;
}
