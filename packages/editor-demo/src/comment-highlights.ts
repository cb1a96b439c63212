import { Extension } from '@tiptap/core';
import { isChangeOrigin } from '@tiptap/extension-collaboration';
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import { toRange } from './comment-anchors.ts';
import type { Anchor, Comments } from './comments.ts';

interface HighlightState {
  decorations: DecorationSet;
  /** The thread that is looked at. */
  active: string | undefined;
  /** The text that a comment is being written about. */
  draft: Anchor | undefined;
}

export const highlightsKey = new PluginKey<HighlightState>('commentHighlights');

/** Marks commented text with decorations: the document itself is not touched, so that a commenter need not write in it. */
export function commentHighlights(comments: Comments, onSelect: (threadId: string) => void): Extension {
  const draw = (state: EditorState, active: string | undefined, draft: Anchor | undefined): DecorationSet => {
    const open = comments.threads().filter(({ resolved }) => !resolved);
    const decorations = open.flatMap(({ id, anchor }) => {
      const range = toRange(state, anchor);
      const name = id === active ? 'comment-anchor is-active' : 'comment-anchor';
      return range ? [Decoration.inline(range.from, range.to, { class: name, 'data-thread': id }, { thread: id })] : [];
    });
    const range = draft && toRange(state, draft);
    if (range) decorations.push(Decoration.inline(range.from, range.to, { class: 'comment-anchor is-draft' }));
    return DecorationSet.create(state.doc, decorations);
  };

  const apply = (tr: Transaction, before: HighlightState, state: EditorState): HighlightState => {
    const change: Partial<HighlightState> | undefined = tr.getMeta(highlightsKey);
    if (change || isChangeOrigin(tr)) {
      const { active, draft } = { ...before, ...change };
      return { active, draft, decorations: draw(state, active, draft) };
    }
    return tr.docChanged ? { ...before, decorations: before.decorations.map(tr.mapping, tr.doc) } : before;
  };

  return Extension.create({
    name: 'commentHighlights',
    addProseMirrorPlugins: () => [
      new Plugin<HighlightState>({
        key: highlightsKey,
        state: {
          init: () => ({ decorations: DecorationSet.empty, active: undefined, draft: undefined }),
          apply: (tr, before, _old, state) => apply(tr, before, state),
        },
        props: {
          decorations: (state) => highlightsKey.getState(state)?.decorations,
          handleClick: (view, position) => {
            const found = highlightsKey.getState(view.state)?.decorations.find(position, position) ?? [];
            const thread: unknown = found.find(({ spec }) => spec.thread)?.spec.thread;
            if (typeof thread === 'string') onSelect(thread);
            return false;
          },
        },
        view: (view) => {
          const refresh = (): void => view.dispatch(view.state.tr.setMeta(highlightsKey, {}));
          const stop = comments.onChange(refresh);
          return { destroy: stop };
        },
      }),
    ],
  });
}
