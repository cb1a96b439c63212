import { HocuspocusProvider } from '@hocuspocus/provider';
import { Editor, Extension, Mark } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { Plugin } from '@tiptap/pm/state';
import { StarterKit } from '@tiptap/starter-kit';
import { ySyncPluginKey } from '@tiptap/y-tiptap';
import { createTokenSource, keepAuthenticated } from 'hocuspass/client';
import { createThreads } from './threads.ts';

// An editor as docs/comments.md describes it, with one person's token in the address.
const token = new URLSearchParams(location.search).get('token') ?? '';
const tokens = createTokenSource(async () => token);
const provider = new HocuspocusProvider({ url: `ws://${location.host}/collab`, name: 'contract', token: tokens });
const auth = keepAuthenticated(provider, tokens);
const isWriter = (): boolean => auth.getSnapshot().level === 'write';
let isUnlocked = false;

const CommentMark = Mark.create({
  name: 'comment',
  excludes: '',
  inclusive: false,
  addAttributes: () => ({ thread: { default: '' }, resolved: { default: false } }),
  renderHTML: ({ HTMLAttributes: { thread, resolved } }) => ['mark', { title: thread, 'data-resolved': resolved }, 0],
});

const CommentsOnly = Extension.create({
  name: 'commentsOnly',
  addProseMirrorPlugins: () => [
    new Plugin({
      filterTransaction: (transaction) =>
        !transaction.docChanged ||
        isUnlocked ||
        isWriter() ||
        transaction.getMeta(ySyncPluginKey) !== undefined ||
        transaction.getMeta('comment') === true,
    }),
  ],
});

const editor = new Editor({
  element: find('#editor'),
  editable: false,
  extensions: [
    StarterKit.configure({ undoRedo: false, trailingNode: false }),
    Collaboration.configure({ document: provider.document }),
    CommentMark,
    CommentsOnly,
  ],
});
const field = find('#text');
const text = (): string => (field instanceof HTMLInputElement ? field.value : '');
const threads = createThreads(editor, provider.document, text, find('#threads'));
const socket = provider.configuration.websocketProvider;

const actions: Readonly<Record<string, () => unknown>> = {
  'Add thread': threads.add,
  Mark: () => editor.chain().setMeta('comment', true).setMark('comment', { thread: text() }).run(),
  Unmark: () => editor.chain().setMeta('comment', true).unsetMark('comment').run(),
  Undo: () => editor.commands.undo(),
  Resync: () => provider.startSync(),
  Disconnect: () => socket.disconnect(),
  Connect: () => socket.connect(),
  // What somebody does who does not care what the page allows.
  Unlock: () => {
    isUnlocked = true;
    draw();
  },
};

for (const button of document.querySelectorAll('button')) {
  // The selection stays where it is.
  button.addEventListener('mousedown', (event) => event.preventDefault());
  button.addEventListener('click', () => actions[button.textContent]?.());
}
auth.subscribe(draw);
draw();

function draw(): void {
  const { status, level, rejectedChanges } = auth.getSnapshot();
  editor.setEditable(isUnlocked || isWriter(), false);
  find('#level').textContent = level ?? status;
  find('#rejected').textContent = String(rejectedChanges);
}

function find(selector: string): Element {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`The page has no ${selector}`);
  return element;
}
