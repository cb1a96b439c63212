import type { ChainedCommands, Editor } from '@tiptap/core';
import { h } from './dom.ts';
import { type IconName, icon } from './icons.ts';

interface Action {
  label: string;
  /** As Tiptap spells it. */
  keys: string;
  face: IconName;
  run: (chain: ChainedCommands) => ChainedCommands;
  /** Left out where there is little room; its keys work all the same. */
  extra?: true;
  /** The node or mark whose presence presses the button. */
  pressed?: readonly [name: string, attributes?: Record<string, unknown>];
}

const GROUPS: readonly (readonly Action[])[] = [
  [
    { label: 'Undo', keys: 'Mod-Z', face: 'undo', run: (chain) => chain.undo() },
    { label: 'Redo', keys: 'Mod-Shift-Z', face: 'redo', run: (chain) => chain.redo() },
  ],
  ([1, 2, 3] as const).map((level) => ({
    label: `Heading ${level}`,
    keys: `Mod-Alt-${level}`,
    face: `h${level}` as const,
    run: (chain) => chain.toggleHeading({ level }),
    pressed: ['heading', { level }],
    ...(level === 3 && { extra: true }),
  })),
  [
    { label: 'Bold', keys: 'Mod-B', face: 'bold', run: (chain) => chain.toggleBold(), pressed: ['bold'] },
    { label: 'Italic', keys: 'Mod-I', face: 'italic', run: (chain) => chain.toggleItalic(), pressed: ['italic'] },
    {
      label: 'Strikethrough',
      keys: 'Mod-Shift-S',
      face: 'strike',
      run: (chain) => chain.toggleStrike(),
      pressed: ['strike'],
      extra: true,
    },
    { label: 'Code', keys: 'Mod-E', face: 'code', run: (chain) => chain.toggleCode(), pressed: ['code'] },
  ],
  [
    {
      label: 'Bullet list',
      keys: 'Mod-Shift-8',
      face: 'bullets',
      run: (chain) => chain.toggleBulletList(),
      pressed: ['bulletList'],
    },
    {
      label: 'Numbered list',
      keys: 'Mod-Shift-7',
      face: 'numbers',
      run: (chain) => chain.toggleOrderedList(),
      pressed: ['orderedList'],
    },
    {
      label: 'Task list',
      keys: 'Mod-Shift-9',
      face: 'tasks',
      run: (chain) => chain.toggleTaskList(),
      pressed: ['taskList'],
    },
  ],
  [
    {
      label: 'Quote',
      keys: 'Mod-Shift-B',
      face: 'quote',
      run: (chain) => chain.toggleBlockquote(),
      pressed: ['blockquote'],
    },
    {
      label: 'Code block',
      keys: 'Mod-Alt-C',
      face: 'codeBlock',
      run: (chain) => chain.toggleCodeBlock(),
      pressed: ['codeBlock'],
    },
  ],
];

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

  const groups = GROUPS.map((actions) => actions.map(toButton));
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
      'aria-keyshortcuts': keys.replace('Mod', isMac() ? 'Meta' : 'Control').replaceAll('-', '+'),
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

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

export function describeKeys(keys: string): string {
  const names = isMac() ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : { Mod: 'Ctrl', Alt: 'Alt', Shift: 'Shift' };
  return Object.entries(names)
    .reduce((text, [name, shown]) => text.replace(name, shown), keys)
    .replaceAll('-', isMac() ? '' : '+');
}
