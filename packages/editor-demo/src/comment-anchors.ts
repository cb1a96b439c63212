import type { EditorState } from '@tiptap/pm/state';
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import { createRelativePositionFromJSON, relativePositionToJSON } from 'yjs';
import type { Anchor } from './comments.ts';

/** A range of the text as positions that move with it; `undefined` while the editor has no document yet. */
export function toAnchor(state: EditorState, from: number, to: number): Anchor | undefined {
  const sync = ySyncPluginKey.getState(state);
  if (!sync?.binding) return undefined;
  const at = (position: number): unknown =>
    relativePositionToJSON(absolutePositionToRelativePosition(position, sync.type, sync.binding.mapping));
  return { from: at(from), to: at(to) };
}

/** Where an anchor is now; `undefined` if its text is gone. */
export function toRange(state: EditorState, { from, to }: Anchor): { from: number; to: number } | undefined {
  const sync = ySyncPluginKey.getState(state);
  if (!sync?.binding || sync.binding.mapping.size === 0) return undefined;
  const at = (position: unknown): number | null => {
    try {
      const relative = createRelativePositionFromJSON(position);
      return relativePositionToAbsolutePosition(sync.doc, sync.type, relative, sync.binding.mapping);
    } catch {
      // Another client may have written anything here.
      return null;
    }
  };
  const start = at(from);
  const end = at(to);
  if (start === null || end === null || start >= end || end > state.doc.content.size) return undefined;
  return { from: start, to: end };
}
