import { h } from './dom.ts';

/** A text field that grows, with a button; Ctrl or Cmd and Enter sends, Escape gives up. */
export interface CommentForm {
  element: HTMLFormElement;
  field: HTMLTextAreaElement;
}

export function createCommentForm(options: {
  label: string;
  send: string;
  testId: string;
  text?: string;
  onSend: (text: string) => void;
  onCancel?: () => void;
}): CommentForm {
  const { label, send, testId, text = '', onSend, onCancel } = options;
  const button = h('button', { type: 'submit', class: 'button is-primary', 'data-testid': `${testId}-send` }, send);
  const field = h('textarea', {
    rows: 1,
    'aria-label': label,
    placeholder: label,
    'data-testid': `${testId}-text`,
    maxlength: 4000,
    oninput: () => fit(),
    onkeydown: (event) => {
      if (!(event instanceof KeyboardEvent)) return;
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) element.requestSubmit();
      if (event.key === 'Escape') onCancel?.();
    },
  });
  field.value = text;
  const fit = (): void => {
    field.style.height = 'auto';
    if (field.scrollHeight > 0) field.style.height = `${field.scrollHeight + 2}px`;
  };
  const element = h(
    'form',
    {
      class: 'comment-form',
      onsubmit: (event) => {
        event.preventDefault();
        const written = field.value.trim();
        if (written === '') return field.focus();
        field.value = '';
        fit();
        onSend(written);
      },
    },
    field,
    h(
      'div',
      { class: 'comment-form-buttons' },
      onCancel && h('button', { type: 'button', class: 'button is-quiet', onclick: onCancel }, 'Cancel'),
      button,
    ),
  );
  return { element, field };
}
