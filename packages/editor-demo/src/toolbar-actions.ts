import type { ChainedCommands } from '@tiptap/core';
import type { IconName } from './icons.ts';

/** What a button of the toolbar does. */
export interface Action {
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

/** The buttons, in groups. */
export const ACTIONS: readonly (readonly Action[])[] = [
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
