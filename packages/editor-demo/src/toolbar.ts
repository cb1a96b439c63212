import type { Editor } from '@tiptap/core';
import { h } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import { describeKeys, toAriaKeys } from './shortcut.ts';
import { ACTIONS, type Action } from './toolbar-actions.ts';

/** A row of buttons that one enters with Tab and walks with the arrow keys. */
export interface Toolbar {
  element: HTMLElement;
  update(may: { write: boolean; comment: boolean }): void;
}

export function createToolbar(editor: Editor, special: { onLink: () => void; onComment: () => void }): Toolbar {
  const updates: ((may: { write: boolean; comment: boolean }) => void)[] = [];

  const toButton = ({ label, keys, face, run, pressed, extra }: Action): HTMLElement => {
    const element = button(label, keys, face, () => run(editor.chain().focus()).run());
    if (extra) element.dataset.extra = '';
    updates.push(({ write }) => {
      setDisabled(element, !write);
      if (pressed) element.setAttribute('aria-pressed', String(editor.isActive(...pressed)));
    });
    return element;
  };

  const link = button('Link', 'Mod-K', 'link', special.onLink);
  updates.push(({ write }) => {
    setDisabled(link, !write);
    link.setAttribute('aria-pressed', String(editor.isActive('link')));
  });
  const comment = button('Comment', 'Mod-Alt-M', 'comment', special.onComment);
  updates.push((may) => setDisabled(comment, !may.comment));

  const groups = ACTIONS.map((actions) => actions.map(toButton));
  const element = h(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Formatting', onkeydown: walk },
    ...[...groups, [link, comment]].map((buttons) => h('div', { class: 'toolbar-group' }, ...buttons)),
  );
  rove(element, 0);

  return {
    element,
    update: (may) => {
      for (const update of updates) update(may);
    },
  };
}

function button(label: string, keys: string, face: IconName, onclick: () => void): HTMLButtonElement {
  const shortcut = describeKeys(keys);
  return h(
    'button',
    {
      type: 'button',
      class: 'tool',
      'aria-label': label,
      'aria-keyshortcuts': toAriaKeys(keys),
      title: `${label}  ${shortcut}`,
      // The selection in the text must survive a click on a button.
      onmousedown: (event) => event.preventDefault(),
      onclick: (event) => {
        const { currentTarget } = event;
        const isOff = currentTarget instanceof HTMLElement && currentTarget.getAttribute('aria-disabled') === 'true';
        if (!isOff) onclick();
      },
    },
    icon(face),
  );
}

/** Kept focusable, so that the place in the toolbar is not lost when rights change. */
function setDisabled(element: HTMLElement, disabled: boolean): void {
  element.setAttribute('aria-disabled', String(disabled));
}

function walk(event: Event): void {
  if (!(event instanceof KeyboardEvent) || !(event.currentTarget instanceof HTMLElement)) return;
  const buttons = buttonsOf(event.currentTarget);
  const { activeElement } = document;
  const current = activeElement instanceof HTMLButtonElement ? buttons.indexOf(activeElement) : -1;
  const next = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined || current < 0) return;
  event.preventDefault();
  const index = (next + buttons.length) % buttons.length;
  rove(event.currentTarget, index);
  buttons[index]?.focus();
}

function rove(toolbar: HTMLElement, index: number): void {
  for (const candidate of toolbar.querySelectorAll('button')) candidate.tabIndex = -1;
  const entry = buttonsOf(toolbar)[index] ?? toolbar.querySelector('button');
  if (entry) entry.tabIndex = 0;
}

function buttonsOf(toolbar: HTMLElement): HTMLButtonElement[] {
  return [...toolbar.querySelectorAll('button')].filter((candidate) => candidate.checkVisibility());
}
