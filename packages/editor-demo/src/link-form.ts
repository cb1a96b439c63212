import type { Editor } from '@tiptap/core';
import { h } from './dom.ts';

/** A line below the toolbar where a link gets its address. */
export interface LinkForm {
  element: HTMLElement;
  open(): void;
}

export function createLinkForm(editor: Editor): LinkForm {
  const input = h('input', {
    type: 'text',
    inputmode: 'url',
    name: 'address',
    placeholder: 'https://example.org',
    'aria-label': 'Address of the link',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const close = (): void => {
    element.hidden = true;
    editor.commands.focus();
  };
  const remove = (): void => {
    editor.chain().focus().extendMarkRange('link').unsetLink().run();
    element.hidden = true;
  };
  const element = h(
    'form',
    {
      class: 'link-form',
      hidden: true,
      onsubmit: (event) => {
        event.preventDefault();
        const href = withProtocol(input.value.trim());
        if (href === '') return remove();
        const chain = editor.chain().focus().extendMarkRange('link');
        const isEmpty = editor.state.selection.empty && !editor.isActive('link');
        const label = { type: 'text', text: input.value.trim(), marks: [{ type: 'link', attrs: { href } }] };
        (isEmpty ? chain.insertContent(label) : chain.setLink({ href })).run();
        element.hidden = true;
      },
      onkeydown: (event) => {
        if (event instanceof KeyboardEvent && event.key === 'Escape') close();
      },
    },
    input,
    h('button', { type: 'submit', class: 'button is-primary' }, 'Set link'),
    h('button', { type: 'button', class: 'button', onclick: remove }, 'Remove'),
    h('button', { type: 'button', class: 'button', onclick: close }, 'Cancel'),
  );

  return {
    element,
    open: () => {
      const { href } = editor.getAttributes('link');
      input.value = typeof href === 'string' ? href : '';
      element.hidden = false;
      input.focus();
      input.select();
    },
  };
}

function withProtocol(address: string): string {
  return address === '' || /^[a-z][a-z+.-]*:|^[/#]/i.test(address) ? address : `https://${address}`;
}
