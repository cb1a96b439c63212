import type { Editor } from '@tiptap/core';
import { h, setText } from './dom.ts';
import { count } from './words.ts';

const DELAY_MS = 250;
const WORD = /[\p{L}\p{N}]+(?:['’.-][\p{L}\p{N}]+)*/gu;

/** The number of words, counted when typing pauses: a book takes some milliseconds. */
export function createWordCount(editor: Editor): HTMLElement {
  const element = h('span', { class: 'words', 'data-testid': 'words' });
  let timer: ReturnType<typeof setTimeout> | undefined;

  const countWords = (): void => {
    timer = undefined;
    const { doc } = editor.state;
    const words = doc.textBetween(0, doc.content.size, ' ', ' ').match(WORD);
    setText(element, count(words?.length ?? 0, 'word'));
  };
  const countSoon = (): void => {
    timer ??= setTimeout(countWords, DELAY_MS);
  };

  editor.on('transaction', ({ transaction }) => {
    if (transaction.docChanged) countSoon();
  });
  editor.on('destroy', () => clearTimeout(timer));
  countSoon();
  return element;
}
