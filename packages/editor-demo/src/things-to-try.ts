import { expireNow, signOut } from './api.ts';
import { h, setText } from './dom.ts';
import { knock, pretend } from './experiments.ts';
import { type IconName, icon } from './icons.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import { type PassSource, tamperWith } from './pass.ts';
import type { Person } from './people.ts';
import type { Timeline } from './timeline.ts';

/** One click each; each says in one sentence what happened. */
export interface ThingsToTry {
  element: HTMLElement;
  setDocument(open: OpenDocument): void;
  update(state: DocumentState): void;
  report(tried: string, text: string, picture?: Node): void;
}

/** A sentence, and maybe something to look at. */
type Result = string | [text: string, picture: Node];

const PATIENCE_MS = 8000;

export function createThingsToTry(parts: {
  me: Person;
  passes: PassSource;
  /** Whose name to borrow. */
  somebodyElse: () => Person;
  goTo: (documentName: string) => OpenDocument;
  timeline: Timeline;
}): ThingsToTry {
  const { me, passes, somebodyElse, goTo, timeline } = parts;
  const forbidden = me.id === 'ada' ? 'ben/ideas' : 'ada/diary';
  let open: OpenDocument | undefined;

  const result = h('p', { class: 'try-result', role: 'status', 'data-testid': 'try-result' });
  result.textContent = 'Each says here what happened.';

  const report = (tried: string, text: string, picture?: Node): void => {
    result.dataset.try = tried;
    result.classList.add('has-result');
    result.replaceChildren(text, ...(picture ? [picture] : []));
  };

  const expire = async (): Promise<string> => {
    const start = performance.now();
    const issued = new Promise<number>((resolve) => {
      const stop = passes.onIssued(() => {
        stop();
        resolve(performance.now() - start);
      });
    });
    await expireNow();
    const after = await Promise.race([issued, sleep(PATIENCE_MS)]);
    return after === undefined
      ? 'The server asked for a fresh pass, and none came.'
      : `The server would not take the old pass any longer, and had a fresh one ${Math.round(after)} ms later. Typing went on.`;
  };

  const tamper = async (): Promise<Result> => {
    const name = open?.name ?? forbidden;
    const { token, at } = tamperWith(await passes());
    const reason = await knock(name, token);
    if (reason === undefined) return 'The changed pass was not refused. That should never happen.';
    timeline.add('refused', `A pass with one changed character was turned away (${reason}).`);
    return [`One character of the pass was changed, and the server turned it away: ${reason}.`, excerpt(token, at)];
  };

  const askForAnother = async (): Promise<string> => {
    const state = await settled(goTo(forbidden));
    return state?.status === 'refused'
      ? `The server refused ${forbidden}: ${state.reason}. Not a word of it came here.`
      : `You may open ${forbidden}, so the server let you in.`;
  };

  const borrowName = async (): Promise<string> => {
    const other = somebodyElse();
    const seen = open && (await pretend(open, passes, other));
    timeline.add('tried', `Presence kept the name ${seen ?? me.name}.`);
    return `You announced yourself as ${other.name}. Everybody else still sees ${seen ?? me.name}, because names come from the pass.`;
  };

  const leave = async (): Promise<string> => {
    const start = performance.now();
    const closed = open && leaves(open, 'authenticated').then(() => Math.round(performance.now() - start));
    await signOut('everywhere');
    const after = await Promise.race([closed, sleep(PATIENCE_MS)]);
    return after === undefined
      ? 'Every pass of yours was withdrawn.'
      : `Every pass of yours was withdrawn; this editor closed ${after} ms later, and so did those in other tabs.`;
  };

  const unplug = async (): Promise<string> => {
    const plugged = open?.state().plugged ?? true;
    open?.setPlugged(!plugged);
    return plugged
      ? 'You are offline. Go on typing: your edits wait here until you are back.'
      : 'You are back, and what was typed on both sides has been merged.';
  };

  const needsConnection = (state: DocumentState): boolean => state.status === 'authenticated';
  const needsDocument = (state: DocumentState): boolean => state.status !== 'refused' || !state.plugged;

  const things = [
    thing('expire', 'clock', 'Make it expire now', expire, needsConnection),
    thing('tamper', 'scissors', 'Tamper with the pass', tamper, needsConnection),
    thing('pretend', 'mask', 'Borrow a name', borrowName, needsConnection),
    thing('other-document', 'lock', `Open ${forbidden}`, askForAnother),
    thing('offline', 'offline', 'Go offline', unplug, needsDocument),
    thing('sign-out', 'door', 'Sign out everywhere', leave, (state) => state.reason !== 'signed-out'),
  ];

  function thing(
    name: string,
    face: IconName,
    label: string,
    run: () => Promise<Result>,
    isPossible: (state: DocumentState) => boolean = () => true,
  ) {
    const text = h('span', {}, label);
    const onclick = async (): Promise<void> => {
      button.setAttribute('aria-busy', 'true');
      try {
        const [text, picture] = [await run()].flat();
        report(name, String(text), picture instanceof Node ? picture : undefined);
      } catch (error) {
        report(name, `That did not work: ${error instanceof Error ? error.message : error}`);
      } finally {
        button.removeAttribute('aria-busy');
      }
    };
    const button = h(
      'button',
      { type: 'button', class: 'try', 'data-testid': `try-${name}`, onclick },
      icon(face),
      text,
    );
    return { name, button, text, isPossible };
  }

  return {
    element: h(
      'section',
      { class: 'things', 'aria-labelledby': 'things-title' },
      h('h2', { id: 'things-title' }, 'Things to try'),
      h('div', { class: 'things-grid' }, ...things.map(({ button }) => button)),
      result,
    ),
    setDocument: (next) => {
      open = next;
    },
    update: (state) => {
      for (const { name, button, text, isPossible } of things) {
        button.disabled = !isPossible(state);
        if (name === 'offline') setText(text, state.plugged ? 'Go offline' : 'Go back online');
      }
    },
    report,
  };
}

/** The changed character, and what stands around it. */
function excerpt(token: string, at: number): HTMLElement {
  const code = [token.slice(at - 9, at), h('mark', {}, token[at]), token.slice(at + 1, at + 14)];
  return h('code', { class: 'tampered' }, '…', ...code, '…');
}

/** The first state that is an answer; `undefined` if none comes. */
async function settled(open: OpenDocument): Promise<DocumentState | undefined> {
  const isAnswer = ({ status }: DocumentState): boolean => status === 'refused' || status === 'authenticated';
  const answer = new Promise<DocumentState>((resolve) => {
    if (isAnswer(open.state())) resolve(open.state());
    const stop = open.onChange((state) => {
      if (!isAnswer(state)) return;
      stop();
      resolve(state);
    });
  });
  return Promise.race([answer, sleep(PATIENCE_MS)]);
}

async function leaves(open: OpenDocument, status: DocumentState['status']): Promise<void> {
  return new Promise((resolve) => {
    const stop = open.onChange((state) => {
      if (state.status === status) return;
      stop();
      resolve();
    });
  });
}

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
