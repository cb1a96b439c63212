import type { Editor } from '@tiptap/core';
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from '@tiptap/y-tiptap';
import { createRelativePositionFromJSON, type Doc, relativePositionToJSON, Array as YArray, Map as YMap } from 'yjs';

/** Threads in a type of their own, each a line of a list: the text that it is about, its comments, and buttons. */
export function createThreads(editor: Editor, document: Doc, text: () => string, list: Element): { add: () => void } {
  const root = document.getMap<YMap<unknown>>('comments');

  function add(): void {
    const { type, binding } = ySyncPluginKey.getState(editor.state);
    const anchor = [editor.state.selection.from, editor.state.selection.to].map((position) =>
      relativePositionToJSON(absolutePositionToRelativePosition(position, type, binding.mapping)),
    );
    const comments = YArray.from([toComment()]);
    root.set(crypto.randomUUID(), new YMap<unknown>(Object.entries({ anchor, comments, resolved: false })));
  }

  const toComment = (): YMap<unknown> => new YMap<unknown>(Object.entries({ text: text() }));

  function quote(anchor: unknown): string {
    const { doc, type, binding } = ySyncPluginKey.getState(editor.state);
    const [from, to] = (Array.isArray(anchor) ? anchor : []).map((position) =>
      relativePositionToAbsolutePosition(doc, type, createRelativePositionFromJSON(position), binding.mapping),
    );
    return typeof from === 'number' && typeof to === 'number' ? editor.state.doc.textBetween(from, to) : '';
  }

  function draw(): void {
    const lines = [...root.entries()].map(([id, thread]) => {
      const comments = thread.get('comments');
      const written = comments instanceof YArray ? comments.toArray() : [];
      const [first] = written;
      const line = window.document.createElement('li');
      const said = window.document.createElement('span');
      const words = written.map((comment) => (comment instanceof YMap ? comment.get('text') : '')).join(' / ');
      said.textContent = `${quote(thread.get('anchor'))}: ${words}${thread.get('resolved') ? ' (resolved)' : ''}`;
      line.append(
        said,
        button('Reply', () => comments instanceof YArray && comments.push([toComment()])),
        button('Edit', () => first instanceof YMap && first.set('text', text())),
        button('Resolve', () => thread.set('resolved', true)),
        button('Delete', () => root.delete(id)),
      );
      return line;
    });
    list.replaceChildren(...lines);
  }

  root.observeDeep(draw);
  editor.on('update', draw);
  return { add };
}

function button(label: string, onclick: () => unknown): HTMLButtonElement {
  const element = window.document.createElement('button');
  element.textContent = label;
  element.addEventListener('click', onclick);
  return element;
}
