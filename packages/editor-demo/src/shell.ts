import { createSchemeButton } from './color-scheme.ts';
import { h, setText } from './dom.ts';
import { icon } from './icons.ts';
import { readNeighbour, toRecord } from './neighbours.ts';

/** What the frames are called until somebody says who they are. */
const SIDES = ['Left', 'Right'] as const;

type View = 'both' | 'left' | 'right';

/**
 * The outer page: two people side by side, each in a frame with a session of their own, or one of them alone. The
 * frames are in the page's HTML, so that they load before any script does. The bar above them is shown when `ready`.
 */
export function startShell(root: HTMLElement, ready: Promise<unknown>): void {
  const frames = [...root.querySelectorAll('iframe')];
  const stage = root.querySelector<HTMLElement>('.stage');
  const names = SIDES.map((side) => h('span', {}, side));
  const views: readonly { view: View; face: HTMLElement | string; label: string }[] = [
    { view: 'left', face: names[0] ?? '', label: 'Show the left person' },
    { view: 'both', face: 'Side by side', label: 'Show both, side by side' },
    { view: 'right', face: names[1] ?? '', label: 'Show the right person' },
  ];
  const buttons = views.map(({ view, face, label }) =>
    h(
      'button',
      { type: 'button', class: 'segment', 'data-testid': `view-${view}`, title: label, onclick: () => choose(view) },
      view === 'both' && icon('both'),
      face,
    ),
  );

  const choose = (view: View): void => {
    if (stage) stage.dataset.view = view;
    for (const [index, { view: other }] of views.entries()) {
      buttons[index]?.setAttribute('aria-pressed', String(other === view));
    }
    const url = new URL(location.href);
    if (view === 'both') url.searchParams.delete('view');
    else url.searchParams.set('view', view);
    history.replaceState(null, '', url);
  };

  // The frames talk to each other through this page, which hands every message on.
  window.addEventListener('message', ({ origin, source, data }: MessageEvent<unknown>) => {
    const from = frames.findIndex(({ contentWindow }) => contentWindow === source);
    if (origin !== location.origin || from < 0) return;
    const { hocuspass: kind, data: about } = toRecord(data);
    const name = names[from];
    if (kind === 'here' && name) setText(name, readNeighbour(about)?.name ?? SIDES[from] ?? '');
    for (const [index, frame] of frames.entries()) {
      if (index !== from) frame.contentWindow?.postMessage(data, location.origin);
    }
  });

  const bar = h(
    'header',
    { class: 'top' },
    h('p', { class: 'brand' }, icon('pass'), h('strong', {}, 'hocuspass')),
    h(
      'h1',
      { class: 'claim-line' },
      'Two people, two passes, one document',
      h('span', {}, ': a pass says what its holder may do, and for how long'),
    ),
    h('div', { class: 'segments views', role: 'group', 'aria-label': 'View' }, ...buttons),
    createSchemeButton(),
  );
  void ready.then(() => root.prepend(bar));
  const narrow = matchMedia('(max-width: 640px)');
  narrow.addEventListener('change', () => {
    if (narrow.matches && stage?.dataset.view === 'both') choose('left');
  });
  const wanted = new URLSearchParams(location.search).get('view');
  const fallback = narrow.matches ? 'left' : 'both';
  choose(wanted === 'left' || wanted === 'right' ? wanted : fallback);

  for (const { contentWindow, src } of location.hash ? frames : []) {
    contentWindow?.location.replace(src.replace(/#.*/, location.hash));
  }
}
