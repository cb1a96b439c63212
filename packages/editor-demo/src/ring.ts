import { h, setText } from './dom.ts';

const SVG = 'http://www.w3.org/2000/svg';
const RADIUS = 20;
const LENGTH = 2 * Math.PI * RADIUS;
/** The server asks for a fresh pass when this share of its life is over. */
const RENEWED_AT = 2 / 3;

/** A later end by less than this is the same one, told again. */
const RENEWED_MS = 250;

/** A ring that runs down to the end of a pass, and jumps back when it is renewed. */
export interface Ring {
  element: HTMLElement;
  set(expiresAt: Date | undefined, lifetimeSeconds: number): void;
  stop(): void;
}

export function createRing(testId?: string): Ring {
  const arc = circle('ring-arc');
  const mark = document.createElementNS(SVG, 'line');
  const number = h('span', { class: 'ring-number' }, '–');
  const element = h('div', { class: 'ring', 'data-testid': testId, 'data-renewals': 0, role: 'timer' }, number);
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 48 48');
  svg.setAttribute('aria-hidden', 'true');
  const angle = 2 * Math.PI * (1 - RENEWED_AT);
  for (const [name, radius] of [
    ['1', 17],
    ['2', 23],
  ] as const) {
    mark.setAttribute(`x${name}`, String(24 + radius * Math.cos(angle)));
    mark.setAttribute(`y${name}`, String(24 + radius * Math.sin(angle)));
  }
  mark.setAttribute('class', 'ring-mark');
  svg.append(circle('ring-track'), arc, mark);
  element.prepend(svg);

  let expiresAt: Date | undefined;
  let lifetimeSeconds = 0;
  let renewals = 0;

  const draw = (): void => {
    const left = expiresAt ? Math.max(0, Math.round((expiresAt.getTime() - Date.now()) / 1000)) : 0;
    const share = lifetimeSeconds > 0 ? Math.min(1, left / lifetimeSeconds) : 0;
    arc.style.strokeDashoffset = String(LENGTH * (1 - share));
    element.dataset.seconds = String(left);
    element.dataset.share = share > 0.34 ? 'high' : 'low';
    setText(number, expiresAt ? formatSeconds(left) : '–');
    element.setAttribute('aria-label', expiresAt ? `${left} seconds until the pass expires` : 'No pass');
  };
  const timer = setInterval(draw, 1000);
  draw();

  return {
    element,
    set: (next, lifetime) => {
      if (next && expiresAt && next.getTime() - expiresAt.getTime() > RENEWED_MS) {
        renewals++;
        element.dataset.renewals = String(renewals);
        element.classList.remove('is-renewed');
        // Reading the layout lets the same animation start again.
        void element.offsetWidth;
        element.classList.add('is-renewed');
      }
      expiresAt = next;
      lifetimeSeconds = lifetime;
      draw();
    },
    stop: () => clearInterval(timer),
  };
}

function circle(className: string): SVGCircleElement {
  const element = document.createElementNS(SVG, 'circle');
  for (const [name, value] of [
    ['cx', 24],
    ['cy', 24],
    ['r', RADIUS],
  ] as const)
    element.setAttribute(name, String(value));
  element.setAttribute('class', className);
  element.setAttribute('stroke-dasharray', String(LENGTH));
  return element;
}

function formatSeconds(seconds: number): string {
  return seconds < 100 ? `${seconds}s` : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
