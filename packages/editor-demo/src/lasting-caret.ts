import type { HocuspocusProvider } from '@hocuspocus/provider';

/** How soon after the editor's own `focusout` the window says that it was left. */
const SAME_MOMENT_MS = 100;

/**
 * Whoever goes to another window, or to the person on the other side of the page, keeps their place in the text: the
 * caret extension withdraws it whenever the editor loses the focus, and this lets it do so only while they are here.
 */
export function withLastingCaret({ awareness }: HocuspocusProvider): {
  provider: Pick<HocuspocusProvider, 'awareness'>;
  stop: () => void;
} {
  if (!awareness) return { provider: { awareness }, stop: () => {} };
  let last: { cursor: unknown; at: number } | undefined;

  const lasting: typeof awareness = Object.create(awareness);
  lasting.setLocalStateField = (field, value) => {
    if (field === 'cursor' && value === null) {
      if (!document.hasFocus()) return;
      last = { cursor: awareness.getLocalState()?.cursor, at: performance.now() };
    }
    awareness.setLocalStateField(field, value);
  };
  const restore = (): void => {
    if (last && performance.now() - last.at < SAME_MOMENT_MS)
      awareness.setLocalStateField('cursor', last.cursor ?? null);
  };
  window.addEventListener('blur', restore);
  return { provider: { awareness: lasting }, stop: () => window.removeEventListener('blur', restore) };
}
