import type { Editor } from '@tiptap/core';
import { h } from './dom.ts';
import { icon } from './icons.ts';

/** A button beside the selected text, for the mouse: the toolbar and the shortcut do the same for the keyboard. */
export interface CommentBubble {
  element: HTMLElement;
  place(mayComment: boolean): void;
}

export function createCommentBubble(editor: Editor, scroller: HTMLElement, onComment: () => void): CommentBubble {
  const element = h(
    'button',
    {
      type: 'button',
      tabindex: -1,
      class: 'comment-bubble',
      'aria-label': 'Comment on the selection',
      title: 'Comment on the selection',
      hidden: true,
      onmousedown: (event) => event.preventDefault(),
      onclick: onComment,
    },
    icon('comment'),
  );

  const isTextSelected = (): boolean => {
    const { empty, from, to } = editor.state.selection;
    return !empty && editor.state.doc.textBetween(from, to, ' ').trim() !== '';
  };

  return {
    element,
    place: (mayComment) => {
      const isHere = editor.isFocused || !editor.isEditable;
      element.hidden = !mayComment || !isHere || !isTextSelected();
      if (element.hidden) return;
      const { top } = editor.view.coordsAtPos(editor.state.selection.head);
      element.style.top = `${top - scroller.getBoundingClientRect().top + scroller.scrollTop - 6}px`;
    },
  };
}
