import type { HocuspocusProvider } from '@hocuspocus/provider';

/**
 * The caret extension withdraws a caret whenever its editor loses the focus. Here it stays where it was, for whoever
 * only went to a button, to another window, or to the person on the other side of the page.
 */
export function withLastingCaret({ awareness }: HocuspocusProvider): Pick<HocuspocusProvider, 'awareness'> {
  if (!awareness) return { awareness };
  const lasting: typeof awareness = Object.create(awareness);
  lasting.setLocalStateField = (field, value) => {
    if (field !== 'cursor' || value !== null) awareness.setLocalStateField(field, value);
  };
  return { awareness: lasting };
}
