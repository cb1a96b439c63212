import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { Placeholder } from '@tiptap/extension-placeholder';
import { TaskItem } from '@tiptap/extension-task-item';
import { TaskList } from '@tiptap/extension-task-list';
import { StarterKit } from '@tiptap/starter-kit';
import { renderCaret, renderSelection } from './caret.ts';
import { commentHighlights } from './comment-highlights.ts';
import type { Comments } from './comments.ts';
import { withLastingCaret } from './lasting-caret.ts';
import type { OpenDocument } from './open-document.ts';
import { colorOf, type Person } from './people.ts';

/** The field of the Yjs document that holds the body: Tiptap's default. */
const FIELD = 'default';

export function createEditor(parts: {
  element: HTMLElement;
  open: OpenDocument;
  me: Person;
  comments: Comments;
  onComment: () => void;
  onThread: (threadId: string) => void;
}): Editor {
  const { element, open, me, comments, onComment, onThread } = parts;
  return new Editor({
    element,
    // Typing starts when the server has said that it may: an editor below `write` must not write by itself either.
    editable: false,
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-label': `Text of ${open.name}`,
        'aria-multiline': 'true',
        'data-testid': 'editor',
        tabindex: '0',
      },
      handleKeyDown: (_view, event) => {
        const isShortcut = (event.metaKey || event.ctrlKey) && event.altKey && event.code === 'KeyM';
        if (isShortcut) onComment();
        return isShortcut;
      },
    },
    extensions: [
      StarterKit.configure({
        // Yjs has an undo of its own, and a trailing paragraph would be an edit that nobody made.
        undoRedo: false,
        trailingNode: false,
        link: { openOnClick: 'whenNotEditable', defaultProtocol: 'https' },
      }),
      TaskList,
      TaskItem.configure({
        nested: true,
        a11y: { checkboxLabel: (node) => node.textContent || 'Task' },
      }),
      Placeholder.configure({ placeholder: 'Write something, or open the same document on the other side.' }),
      Collaboration.configure({ document: open.document, field: FIELD }),
      CollaborationCaret.configure({
        provider: withLastingCaret(open.provider),
        user: { name: me.name, color: colorOf(me.id).hex },
        render: renderCaret,
        selectionRender: renderSelection,
      }),
      commentHighlights(comments, onThread),
    ],
  });
}
