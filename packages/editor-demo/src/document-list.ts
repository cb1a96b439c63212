import type { ListedDocument } from './api.ts';
import { h } from './dom.ts';
import { toHash } from './hash.ts';
import { icon } from './icons.ts';
import { LEVELS } from './words.ts';

/** One's documents, by folder, with what one may do in each. */
export interface DocumentList {
  element: HTMLElement;
  /** `undefined` while they are fetched. */
  update(documents: readonly ListedDocument[] | undefined, current: string): void;
}

export function createDocumentList(myId: string, onChoose: () => void): DocumentList {
  const list = h('div', { class: 'document-folders' });
  const field = h('input', {
    type: 'text',
    name: 'name',
    value: `${myId}/`,
    'aria-label': 'Name of a new document',
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 200,
  });
  const form = h(
    'form',
    {
      class: 'new-document',
      'data-testid': 'new-document',
      onsubmit: (event) => {
        event.preventDefault();
        const name = field.value.trim();
        if (name === '' || name.endsWith('/')) return field.focus();
        field.value = `${myId}/`;
        location.hash = toHash(name);
        onChoose();
      },
    },
    field,
    h('button', { type: 'submit', class: 'button' }, 'Open'),
  );
  const element = h(
    'nav',
    { class: 'documents', id: 'documents', popover: 'auto', 'data-testid': 'documents', 'aria-label': 'Documents' },
    h('h2', {}, 'Documents'),
    list,
    h('p', { class: 'note' }, 'Open any other by its name:'),
    form,
  );

  return {
    element,
    update: (documents, current) => {
      if (!documents) return;
      const folders = Map.groupBy(documents, ({ name }) => name.slice(0, name.lastIndexOf('/') + 1));
      list.replaceChildren(
        ...[...folders].map(([folder, entries]) =>
          h(
            'div',
            { class: 'folder' },
            h('h3', {}, folder || 'Others'),
            h('ul', {}, ...entries.map((entry) => toItem(entry, folder, current, onChoose))),
          ),
        ),
        ...(documents.length === 0 ? [h('p', { class: 'empty' }, 'Nobody has shared a document with you yet.')] : []),
      );
    },
  };
}

function toItem({ name, level }: ListedDocument, folder: string, current: string, onChoose: () => void): HTMLElement {
  return h(
    'li',
    {},
    h(
      'a',
      {
        href: toHash(name),
        'data-testid': `document-${name}`,
        'data-level': level,
        'aria-current': name === current && 'page',
        title: name,
        onclick: onChoose,
      },
      icon('document'),
      h('span', { class: 'document-name' }, name.slice(folder.length)),
      h('span', { class: 'level-mark', 'data-level': level, title: LEVELS[level].label }, icon(level)),
      h('span', { class: 'visually-hidden' }, LEVELS[level].label),
    ),
  );
}
