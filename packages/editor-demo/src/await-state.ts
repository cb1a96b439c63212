import type { DocumentState, OpenDocument } from './open-document.ts';

const PATIENCE_MS = 8000;

/** The first state in which the server has let this person in or refused them; `undefined` if none comes. */
export function untilAnswered(open: OpenDocument): Promise<DocumentState | undefined> {
  return atMost(until(open, ({ status }) => status === 'refused' || status === 'authenticated'));
}

/** The moment in which the text is here, or will not come. */
export async function untilLoaded(open: OpenDocument): Promise<void> {
  await until(open, ({ loaded, status }) => loaded || status === 'refused');
}

/** The moment in which the connection is no longer open. */
export async function untilClosed(open: OpenDocument): Promise<void> {
  await until(open, ({ status }) => status !== 'authenticated');
}

/** Gives up after a while, with `undefined`. */
export function atMost<Value>(promise: Promise<Value>, patienceMs = PATIENCE_MS): Promise<Value | undefined> {
  const givingUp = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), patienceMs));
  return Promise.race([promise, givingUp]);
}

function until(open: OpenDocument, isWanted: (state: DocumentState) => boolean): Promise<DocumentState> {
  return new Promise((resolve) => {
    if (isWanted(open.state())) return resolve(open.state());
    const stop = open.onChange((state) => {
      if (!isWanted(state)) return;
      stop();
      resolve(state);
    });
  });
}
