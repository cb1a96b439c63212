import type { JSONContent } from '@tiptap/core';

/** The first documents, as Tiptap JSON. They explain the product that they demonstrate. */
export const SEED_DOCUMENTS: Readonly<Record<string, JSONContent>> = {
  'team/handbook': page(
    heading(1, 'Team handbook'),
    paragraph('Ada looks after this page. Ben reads it, although he writes everything else in this folder.'),
    heading(2, 'How access works here'),
    bullets(
      'Everyone who signs in receives a pass: a signed token that lists documents and what one may do in them.',
      'There are three levels. Read sees every edit, comment may also comment, write may change the text.',
      'The most specific entry decides: team/* lets Ben write, team/handbook lets him only read this page.',
      'A pass runs out after a few minutes, and is renewed while you type. You notice nothing.',
    ),
    heading(2, 'When something changes'),
    paragraph(
      'Ada may change anybody’s access while they write. The open editor follows at once, up or down, and nothing that was typed is lost.',
    ),
    paragraph('Signing out ends every open editor of that sign-in, in every tab.'),
    quote('A name next to a caret comes from the pass, not from the browser. Nobody can borrow yours.'),
  ),
  'team/plan': page(
    heading(1, 'Launch plan'),
    paragraph('Ada and Ben write here together. Cleo comments, Dan reads along.'),
    tasks(
      { done: true, text: 'Agree on what the first version does' },
      { done: true, text: 'Invite Cleo to comment' },
      { done: false, text: 'Write the announcement' },
      { done: false, text: 'Try it with the whole team' },
    ),
    heading(2, 'Open questions'),
    bullets('Who presents it on Thursday?', 'Which three examples do we show?'),
  ),
  'ada/diary': page(
    heading(1, 'Diary'),
    paragraph('Only Ada can open this page. Its name starts with ada/, and no other pass says so.'),
    paragraph('Monday. The plan is nearly done. Ben asked for a better ending, and he is right.'),
  ),
  'ben/ideas': page(
    heading(1, 'Ideas'),
    paragraph('Ben’s own page. He may share it with anybody, because everything under ben/ is his.'),
    bullets('A shorter announcement', 'A picture of two people writing at once'),
  ),
};

function page(...content: JSONContent[]): JSONContent {
  return { type: 'doc', content };
}

function heading(level: 1 | 2, text: string): JSONContent {
  return { type: 'heading', attrs: { level }, content: [{ type: 'text', text }] };
}

function paragraph(text: string): JSONContent {
  return { type: 'paragraph', content: [{ type: 'text', text }] };
}

function quote(text: string): JSONContent {
  return { type: 'blockquote', content: [paragraph(text)] };
}

function bullets(...items: string[]): JSONContent {
  return { type: 'bulletList', content: items.map((text) => ({ type: 'listItem', content: [paragraph(text)] })) };
}

function tasks(...items: { done: boolean; text: string }[]): JSONContent {
  const content = items.map(({ done, text }) => ({
    type: 'taskItem',
    attrs: { checked: done },
    content: [paragraph(text)],
  }));
  return { type: 'taskList', content };
}
