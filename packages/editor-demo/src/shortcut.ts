/** Keys as people know them: `Mod-Alt-M` is Ctrl+Alt+M, or ⌘⌥M on a Mac. */
export function describeKeys(keys: string): string {
  const names = isMac() ? { Mod: '⌘', Alt: '⌥', Shift: '⇧' } : { Mod: 'Ctrl', Alt: 'Alt', Shift: 'Shift' };
  return Object.entries(names)
    .reduce((text, [name, shown]) => text.replace(name, shown), keys)
    .replaceAll('-', isMac() ? '' : '+');
}

/** Keys as `aria-keyshortcuts` wants them. */
export function toAriaKeys(keys: string): string {
  return keys.replace('Mod', isMac() ? 'Meta' : 'Control').replaceAll('-', '+');
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
