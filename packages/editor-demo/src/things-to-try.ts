import { expireNow, signOut } from './api.ts';
import { h, setText } from './dom.ts';
import { knock, pretend } from './experiments.ts';
import { type IconName, icon } from './icons.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import { type PassSource, tamperWith } from './pass.ts';
import type { Person } from './people.ts';

/** One click each; each says in one sentence what happened. */
export interface ThingsToTry {
  element: HTMLElement;
  setDocument(open: OpenDocument): void;
  update(state: DocumentState): void;
  report(tried: string, text: string): void;
}

const PATIENCE_MS = 8000;

export function createThingsToTry(parts: {
  me: Person;
  passes: PassSource;
  /** Whose name to borrow. */
  somebodyElse: () => Person;
  goTo: (documentName: string) => OpenDocument;
  onTampered: (token: string, at: number) => void;
  onReport: (text: string) => void;
}): ThingsToTry {
  const { me, passes, somebodyElse, goTo, onTampered, onReport } = parts;
  const forbidden = me.id === 'ada' ? 'ben/ideas' : 'ada/diary';
  let open: OpenDocument | undefined;

  const result = h('p', { class: 'try-result', role: 'status', 'data-testid': 'try-result' });
  result.textContent = 'Pick one, and watch the ring, the text and the timeline.';

  const report = (tried: string, text: string): void => {
    result.dataset.try = tried;
    result.classList.add('has-result');
    setText(result, text);
    onReport(text);
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

  const tamper = async (): Promise<string> => {
    const name = open?.name ?? forbidden;
    const { token, at } = tamperWith(await passes());
    onTampered(token, at);
    const reason = await knock(name, token);
    return reason === undefined
      ? 'The changed pass was not refused. That should never happen.'
      : `One character of the pass was changed, and the server turned it away: ${reason}.`;
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
    return `You announced yourself as ${other.name}. Everybody else still sees ${seen ?? me.name}, because names come from the pass.`;
  };

  const leave = async (): Promise<string> => {
    const start = performance.now();
    const ended = open && settled(open, 'refused');
    await signOut('everywhere');
    const state = await ended;
    const after = Math.round(performance.now() - start);
    return state?.status === 'refused'
      ? `Every pass of yours was withdrawn, and every open editor closed within ${after} ms, in every tab.`
      : 'Every pass of yours was withdrawn.';
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
    run: () => Promise<string>,
    isPossible: (state: DocumentState) => boolean = () => true,
  ) {
    const text = h('span', {}, label);
    const onclick = async (): Promise<void> => {
      button.setAttribute('aria-busy', 'true');
      try {
        report(name, await run());
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

/** The first state that is an answer; `undefined` if none comes. */
async function settled(open: OpenDocument, wanted?: 'refused'): Promise<DocumentState | undefined> {
  const isAnswer = ({ status }: DocumentState): boolean =>
    status === 'refused' || (wanted === undefined && status === 'authenticated');
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

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
