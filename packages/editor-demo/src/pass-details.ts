import { h } from './dom.ts';
import { explain, type Pass } from './pass.ts';

/** The token itself: header and claims, decoded, and the text with its three parts. */
export interface PassDetails {
  element: HTMLElement;
  /** Brings it into sight. */
  show(): void;
  update(pass: Pass | undefined, documentName: string): void;
}

const CLAIM_NAMES: Readonly<Record<string, string>> = {
  alg: 'signed with',
  typ: 'type',
  kid: 'key',
  sub: 'person',
  sid: 'sign-in',
  jti: 'this pass',
  name: 'shown to others',
  iat: 'issued',
  exp: 'expires',
  iss: 'issuer',
  aud: 'for',
};

const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export function createPassDetails(): PassDetails {
  const claims = h('div', { class: 'claims', 'data-testid': 'claims' });
  const token = h('div', {
    class: 'token',
    'data-testid': 'token',
    role: 'group',
    tabindex: 0,
    'aria-label': 'The text of the token',
  });
  const summary = h('summary', {}, 'What the pass says');
  const element = h('details', { class: 'pass-details', open: true, hidden: true }, summary, claims, token);
  let shown: string | undefined = '';

  const showToken = (text: string): void => {
    const parts = text.split('.').map((part, index) => h('span', { class: `token-part-${index}` }, part));
    token.replaceChildren(...parts.flatMap((part, index) => (index === 0 ? [part] : ['.', part])));
  };

  return {
    element,
    show: () => {
      element.open = true;
      summary.focus({ preventScroll: true });
      element.scrollIntoView({ block: 'start' });
    },
    update: (pass, documentName) => {
      const key = pass && `${pass.token} ${documentName}`;
      if (shown === key) return;
      shown = key;
      element.hidden = pass === undefined;
      if (!pass) return;
      const decidedBy = explain(pass, documentName)?.decidedBy;
      claims.replaceChildren(table('Header', pass.header, undefined), table('Claims', pass.claims, decidedBy));
      showToken(pass.token);
    },
  };
}

function table(
  caption: string,
  values: Readonly<Record<string, unknown>>,
  decidedBy: { entry: string; from: string } | undefined,
): HTMLElement {
  const rows = Object.entries(values).map(([name, value]) =>
    h(
      'div',
      { class: 'claim' },
      h('dt', { title: CLAIM_NAMES[name] }, name),
      h('dd', {}, ...toParts(name, value, decidedBy?.from === name ? decidedBy.entry : undefined)),
    ),
  );
  return h('div', { class: 'claim-group' }, h('h3', {}, caption), h('dl', {}, ...rows));
}

/** A list becomes one chip an entry, and the one that decided is marked. */
function toParts(name: string, value: unknown, decidedBy: string | undefined): (Node | string)[] {
  if (typeof value === 'number' && (name === 'iat' || name === 'exp')) return [TIME.format(new Date(value * 1000))];
  if (Array.isArray(value)) {
    if (value.length === 0) return [h('span', { class: 'muted' }, 'none')];
    return value.map((entry) => chip(String(entry), String(entry) === decidedBy));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).map(([entry, level]) => chip(`${entry}: ${level}`, entry === decidedBy));
  }
  return [String(value)];
}

function chip(text: string, decided: boolean): HTMLElement {
  return h(
    'span',
    { class: decided ? 'entry is-decisive' : 'entry' },
    text,
    decided && h('span', { class: 'visually-hidden' }, ' (this entry decided)'),
  );
}
