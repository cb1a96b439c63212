import { h, setText } from './dom.ts';

/** Two or more views in one place, walked with the arrow keys (WAI-ARIA tabs). */
export interface Tabs {
  element: HTMLElement;
  select(id: string): void;
  setCount(id: string, count: number): void;
}

export function createTabs(label: string, views: readonly { id: string; label: string; content: HTMLElement }[]): Tabs {
  const tabs = views.map(({ id, label: text, content }) => {
    const counter = h('span', { class: 'tab-count' });
    const tab = h(
      'button',
      {
        type: 'button',
        role: 'tab',
        class: 'tab',
        id: `tab-${id}`,
        'data-testid': `tab-${id}`,
        'aria-controls': `view-${id}`,
        onclick: () => select(id),
      },
      text,
      counter,
    );
    const view = h(
      'div',
      { role: 'tabpanel', class: 'tab-view', id: `view-${id}`, 'aria-labelledby': `tab-${id}` },
      content,
    );
    return { id, tab, view, counter };
  });

  function select(id: string): void {
    for (const { id: other, tab, view } of tabs) {
      tab.setAttribute('aria-selected', String(other === id));
      tab.tabIndex = other === id ? 0 : -1;
      view.hidden = other !== id;
    }
  }

  function walk(event: Event): void {
    const step = event instanceof KeyboardEvent ? { ArrowRight: 1, ArrowLeft: -1 }[event.key] : undefined;
    if (step === undefined) return;
    const current = tabs.findIndex(({ tab }) => tab === document.activeElement);
    const next = tabs[(current + step + tabs.length) % tabs.length];
    if (!next) return;
    select(next.id);
    next.tab.focus();
  }

  select(views[0]?.id ?? '');
  return {
    element: h(
      'div',
      { class: 'tabs' },
      h(
        'div',
        { role: 'tablist', class: 'tab-list', 'aria-label': label, onkeydown: walk },
        ...tabs.map(({ tab }) => tab),
      ),
      ...tabs.map(({ view }) => view),
    ),
    select,
    setCount: (id, number) => {
      const counter = tabs.find((tab) => tab.id === id)?.counter;
      if (counter) setText(counter, number > 0 ? String(number) : '');
    },
  };
}
