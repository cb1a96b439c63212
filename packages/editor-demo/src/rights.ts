import type { Account } from './api.ts';
import { h, setText } from './dom.ts';
import { icon } from './icons.ts';
import type { Neighbours, ShareWish } from './neighbours.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import type { PassSource } from './pass.ts';
import type { Me } from './people.ts';
import { createSharing } from './sharing.ts';
import type { Timeline } from './timeline.ts';
import { LEVELS } from './words.ts';

const CHOICES = ['write', 'comment', 'read', 'none'] as const;
type Choice = (typeof CHOICES)[number];

/** Changes what somebody may do, while they do it. Only the owner of a document can, so others ask the owner's pane. */
export interface Rights {
  element: HTMLElement;
  /** Whether this person owns the open document. */
  owns(): boolean;
  setDocument(open: OpenDocument): void;
  update(state: DocumentState): void;
  stop(): void;
}

export function createRights(parts: {
  me: Me;
  accounts: readonly Account[];
  passes: PassSource;
  neighbours: Neighbours;
  timeline: Timeline;
  onOwnership: () => void;
  onResult: (text: string) => void;
}): Rights {
  const { me, accounts, passes, neighbours, timeline, onOwnership, onResult } = parts;
  const sharing = createSharing(me, passes);
  let open: OpenDocument | undefined;
  let state: DocumentState | undefined;
  let asked: string | undefined;

  const others = accounts.filter(({ username }) => username !== me.id);
  const select = h(
    'select',
    { 'data-testid': 'rights-person', 'aria-label': 'Whose rights', onchange: () => draw() },
    ...others.map(({ username, name }) => h('option', { value: username }, name)),
  );
  const title = h('span', { class: 'rights-title', id: 'rights-title' });
  const note = h('p', { class: 'note', id: 'rights-note' });
  const buttons = CHOICES.map((choice) =>
    h(
      'button',
      {
        type: 'button',
        class: 'segment',
        'data-testid': `rights-${choice}`,
        'data-level': choice,
        title: LEVELS[choice].label,
        onclick: () => void choose(choice),
      },
      icon(choice),
      h('span', {}, choice),
    ),
  );
  const element = h(
    'section',
    { class: 'rights', 'aria-labelledby': 'rights-title' },
    h('div', { class: 'rights-head' }, title, select),
    h(
      'div',
      { class: 'segments', role: 'group', 'aria-labelledby': 'rights-title', 'aria-describedby': 'rights-note' },
      ...buttons,
    ),
    note,
  );

  const nameOf = (id: string): string => others.find(({ username }) => username === id)?.name ?? id;

  const isSignedOut = (): boolean => state?.reason === 'signed-out';

  const mode = (): 'owner' | 'asking' | 'nobody' => {
    if (isSignedOut()) return 'nobody';
    if (sharing.owns()) return 'owner';
    const neighbour = neighbours.current();
    return neighbour?.owns && neighbour.documentName === open?.name ? 'asking' : 'nobody';
  };

  const levelNow = (): Choice | undefined => {
    if (isSignedOut()) return undefined;
    if (mode() !== 'owner') return state?.status === 'refused' ? 'none' : state?.level;
    const granted = sharing.levelOf(select.value);
    if (granted !== undefined) return granted ?? 'none';
    const neighbour = neighbours.current();
    return neighbour?.username === select.value && neighbour.documentName === open?.name ? neighbour.level : undefined;
  };

  function draw(): void {
    const current = mode();
    const owner = neighbours.current()?.name;
    select.hidden = current !== 'owner';
    setText(title, current === 'owner' ? 'Change the rights of' : 'Change your rights here');
    const notes = {
      owner: 'You own this document.',
      asking: `${owner} owns it, and does this for you.`,
      nobody: isSignedOut() ? 'Sign in first.' : 'Only its owner can change them.',
    };
    setText(note, notes[current]);
    const pressed = levelNow();
    for (const [index, choice] of CHOICES.entries()) {
      buttons[index]?.setAttribute('aria-pressed', String(choice === pressed));
      buttons[index]?.toggleAttribute('disabled', current === 'nobody');
    }
  }

  async function choose(choice: Choice): Promise<void> {
    if (!open) return;
    const wish = { documentName: open.name, level: choice === 'none' ? null : choice };
    if (mode() === 'asking') {
      neighbours.askToShare({ ...wish, subject: me.id });
      return;
    }
    try {
      await grant({ ...wish, subject: select.value });
      onResult(
        `You decided that ${nameOf(select.value)} ${LEVELS[choice].may}. An open editor follows at once, without reconnecting.`,
      );
    } catch {
      onResult('That did not work: the server would not share the document.');
    }
  }

  async function grant(wish: ShareWish): Promise<void> {
    await sharing.grant(wish);
    timeline.add('tried', `Your pass gave ${nameOf(wish.subject)} the level ${wish.level ?? 'none'}.`);
    neighbours.tellShared(wish);
  }

  sharing.onChange(() => {
    onOwnership();
    draw();
  });
  const stopWishes = neighbours.onWish((wish) => {
    if (sharing.owns() && wish.documentName === open?.name) void grant(wish).catch(() => undefined);
  });
  const stopShared = neighbours.onShared(({ subject, documentName, level: granted }) => {
    if (subject !== me.id || documentName !== open?.name) return;
    const { may } = LEVELS[granted ?? 'none'];
    onResult(`${neighbours.current()?.name} decided that you ${may}. Your open editor followed at once.`);
  });
  const stopNeighbours = neighbours.onChange(() => {
    const neighbour = neighbours.current();
    // Whoever sits on the other side is the likeliest to be meant, until somebody else is chosen.
    if (neighbour && asked !== neighbour.username && others.some(({ username }) => username === neighbour.username)) {
      asked = neighbour.username;
      select.value = neighbour.username;
    }
    draw();
  });

  return {
    element,
    owns: sharing.owns,
    setDocument: (next) => {
      open = next;
      sharing.setDocument(next);
      draw();
    },
    update: (next) => {
      state = next;
      sharing.update(next);
      draw();
    },
    stop: () => {
      stopWishes();
      stopShared();
      stopNeighbours();
    },
  };
}
