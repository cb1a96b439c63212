import { h, setText } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import type { PassSource } from './pass.ts';
import type { Person } from './people.ts';
import type { Timeline } from './timeline.ts';
import { createTrials, type Result } from './trials.ts';

/** One click each; each says in one sentence what happened. */
export interface ThingsToTry {
  element: HTMLElement;
  update(state: DocumentState): void;
  report(tried: string, text: string, picture?: Node): void;
}

export function createThingsToTry(parts: {
  me: Person;
  passes: PassSource;
  /** Whose name to borrow. */
  somebodyElse: () => Person;
  current: () => OpenDocument;
  goTo: (documentName: string) => OpenDocument;
  timeline: Timeline;
}): ThingsToTry {
  const { me, somebodyElse } = parts;
  const [forbidden, theirs] = me.id === 'ada' ? ['ben/ideas', 'Ben’s ideas'] : ['ada/diary', 'Ada’s diary'];
  const trials = createTrials({ ...parts, forbidden });

  const result = h('p', { class: 'try-result', role: 'status', 'data-testid': 'try-result' });
  result.textContent = 'Click one: what happens is said here.';

  const report = (tried: string, text: string, picture?: Node): void => {
    result.dataset.try = tried;
    result.classList.add('has-result');
    result.replaceChildren(text, ...(picture ? [picture] : []));
  };

  const needsConnection = (state: DocumentState): boolean => state.status === 'authenticated';
  const needsDocument = (state: DocumentState): boolean => state.status !== 'refused' || !state.plugged;

  const things = [
    thing('expire', 'clock', 'Make it expire now', trials.expire, needsConnection),
    thing('tamper', 'scissors', 'Tamper with the pass', trials.tamper, needsConnection),
    thing('pretend', 'mask', 'Pretend to be somebody else', trials.pretend, needsConnection),
    thing('other-document', 'lock', `Read ${theirs}`, trials.askForAnother),
    thing('offline', 'offline', 'Go offline', trials.unplug, needsDocument),
    thing('sign-out', 'door', 'Sign out everywhere', trials.leave, (state) => state.reason !== 'signed-out'),
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
    update: (state) => {
      for (const { name, button, text, isPossible } of things) {
        button.disabled = !isPossible(state);
        if (name === 'pretend') setText(text, `Pretend to be ${somebodyElse().name}`);
        if (name === 'offline') setText(text, state.plugged ? 'Go offline' : 'Go back online');
      }
    },
    report,
  };
}
