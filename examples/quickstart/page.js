import { HocuspocusProvider } from '@hocuspocus/provider';
import { Editor } from '@tiptap/core';
import { Collaboration } from '@tiptap/extension-collaboration';
import { CollaborationCaret } from '@tiptap/extension-collaboration-caret';
import { StarterKit } from '@tiptap/starter-kit';
import { createTokenSource, keepAuthenticated } from 'hocuspass/client';

const { as = 'ada', document: name = 'team/plan' } = Object.fromEntries(new URLSearchParams(location.search));

const tokens = createTokenSource(`/collab/token?as=${encodeURIComponent(as)}`);
const provider = new HocuspocusProvider({ url: `ws://${location.hostname}:${COLLAB_PORT}`, name, token: tokens });
const auth = keepAuthenticated(provider, tokens);

const editor = new Editor({
  element: document.querySelector('#editor'),
  extensions: [
    StarterKit.configure({ undoRedo: false }),
    Collaboration.configure({ document: provider.document }),
    CollaborationCaret.configure({ provider }),
  ],
  editable: false,
});

function show() {
  const { status, level, reason } = auth.getSnapshot();
  editor.setEditable(level === 'write');
  document.querySelector('#status').textContent = `${name}: ${reason ?? `${status}, ${level ?? 'no level yet'}`}`;
}
auth.subscribe(show);
show();
