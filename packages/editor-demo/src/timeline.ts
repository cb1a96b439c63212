import { h } from './dom.ts';
import { type IconName, icon } from './icons.ts';

type TimelineEvent =
  | 'issued'
  | 'allowed'
  | 'asked'
  | 'renewed'
  | 'level-changed'
  | 'refused'
  | 'revoked'
  | 'expired'
  | 'write-rejected'
  | 'offline'
  | 'online'
  | 'signed-out'
  | 'tried';

/** What happened, newest first. */
export interface Timeline {
  element: HTMLElement;
  add(event: TimelineEvent, text: string): void;
}

const ICONS: Readonly<Record<TimelineEvent, IconName>> = {
  issued: 'pass',
  allowed: 'check',
  asked: 'clock',
  renewed: 'renew',
  'level-changed': 'people',
  refused: 'none',
  revoked: 'scissors',
  expired: 'clock',
  'write-rejected': 'none',
  offline: 'offline',
  online: 'online',
  'signed-out': 'door',
  tried: 'shield',
};

const KEPT = 60;

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function createTimeline(): Timeline {
  const list = h('ol', { class: 'timeline', 'data-testid': 'timeline', tabindex: 0, 'aria-label': 'What happened' });
  return {
    element: list,
    add: (event, text) => {
      const now = new Date();
      list.prepend(
        h(
          'li',
          { 'data-event': event },
          icon(ICONS[event]),
          h('span', { class: 'timeline-text' }, text),
          h('time', { datetime: now.toISOString() }, TIME.format(now)),
        ),
      );
      while (list.childElementCount > KEPT) list.lastElementChild?.remove();
    },
  };
}
