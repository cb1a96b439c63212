import { expireNow, signOut } from './api.ts';
import { atMost, untilAnswered, untilClosed } from './await-state.ts';
import { h } from './dom.ts';
import { knock, pretend } from './experiments.ts';
import type { OpenDocument } from './open-document.ts';
import { type PassSource, tamperWith } from './pass.ts';
import type { Person } from './people.ts';
import type { Timeline } from './timeline.ts';

/** A sentence that says what happened, and maybe something to look at. */
export type Result = string | [text: string, picture: Node];

/** What the things to try do. */
export interface Trials {
  expire(): Promise<Result>;
  tamper(): Promise<Result>;
  pretend(): Promise<Result>;
  askForAnother(): Promise<Result>;
  unplug(): Promise<Result>;
  leave(): Promise<Result>;
}

export function createTrials(parts: {
  me: Person;
  passes: PassSource;
  timeline: Timeline;
  /** A document that is not this person's. */
  forbidden: string;
  current: () => OpenDocument;
  goTo: (documentName: string) => OpenDocument;
  /** Whose name to borrow. */
  somebodyElse: () => Person;
}): Trials {
  const { me, passes, timeline, forbidden, current, goTo, somebodyElse } = parts;
  return {
    expire: async () => {
      const elapsed = startTimer();
      const issued = new Promise<number>((resolve) => {
        const stop = passes.onIssued(() => {
          stop();
          resolve(elapsed());
        });
      });
      await expireNow();
      const after = await atMost(issued);
      return after === undefined
        ? 'The server asked for a fresh pass, and none came.'
        : `The server would not take the old pass any longer, and had a fresh one ${after} ms later. Typing went on.`;
    },

    tamper: async () => {
      const { token, at } = tamperWith(await passes());
      const reason = await knock(current().name, token);
      if (reason === undefined) return 'The changed pass was not refused. That should never happen.';
      timeline.add('refused', `A pass with one changed character was turned away (${reason}).`);
      return [`One character of the pass was changed, and the server turned it away: ${reason}.`, excerpt(token, at)];
    },

    pretend: async () => {
      const other = somebodyElse();
      const seen = (await pretend(current(), passes, other)) ?? me.name;
      timeline.add('tried', `Presence kept the name ${seen}.`);
      return `You announced yourself as ${other.name}. Everybody else still sees ${seen}, because names come from the pass.`;
    },

    askForAnother: async () => {
      const state = await untilAnswered(goTo(forbidden));
      return state?.status === 'refused'
        ? `The server refused ${forbidden}: ${state.reason}. Not a word of it came here.`
        : `You may open ${forbidden}, so the server let you in.`;
    },

    unplug: async () => {
      const open = current();
      const { plugged } = open.state();
      open.setPlugged(!plugged);
      if (plugged) return 'You are offline. Go on typing: your edits wait here until you are back.';
      await untilAnswered(open);
      return 'You are back, and what was typed on both sides has been merged.';
    },

    leave: async () => {
      const elapsed = startTimer();
      const closed = untilClosed(current()).then(elapsed);
      await signOut('everywhere');
      const after = await atMost(closed);
      return after === undefined
        ? 'Every pass of yours was withdrawn.'
        : `Every pass of yours was withdrawn; this editor closed ${after} ms later, and so did those in other tabs.`;
    },
  };
}

function startTimer(): () => number {
  const start = performance.now();
  return () => Math.round(performance.now() - start);
}

/** The changed character, and what stands around it. */
function excerpt(token: string, at: number): HTMLElement {
  const code = [token.slice(at - 9, at), h('mark', {}, token[at]), token.slice(at + 1, at + 14)];
  return h('code', { class: 'tampered' }, '…', ...code, '…');
}
