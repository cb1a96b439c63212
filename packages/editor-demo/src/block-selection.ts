import type { Editor } from '@tiptap/core';

/**
 * Alt and an arrow key select a whole paragraph where one may not type: without a caret to move, the keyboard needs
 * some way to say what a comment is about.
 */
export function selectBlocksByKey(editor: Editor): void {
  const { view } = editor;
  view.dom.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !event.altKey || editor.isEditable) return;
    event.preventDefault();
    const blocks = textBlocks(editor);
    const { from, empty } = editor.state.selection;
    const current = empty ? -1 : blocks.findIndex((block) => from >= block.from && from <= block.to);
    const block = blocks[Math.min(blocks.length - 1, Math.max(0, current + step))];
    if (!block) return;
    // Without a caret the editor would not show its own selection, so the page's is set beside it.
    editor.commands.setTextSelection(block);
    const start = view.domAtPos(block.from);
    const end = view.domAtPos(block.to);
    document.getSelection()?.setBaseAndExtent(start.node, start.offset, end.node, end.offset);
    if (start.node instanceof HTMLElement) start.node.scrollIntoView({ block: 'nearest' });
  });
}

function textBlocks({ state }: Editor): { from: number; to: number }[] {
  const blocks: { from: number; to: number }[] = [];
  state.doc.descendants((node, position) => {
    if (node.isTextblock && node.content.size > 0) {
      blocks.push({ from: position + 1, to: position + 1 + node.content.size });
    }
    return !node.isTextblock;
  });
  return blocks;
}
