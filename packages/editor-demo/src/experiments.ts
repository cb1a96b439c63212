import { HocuspocusProvider } from '@hocuspocus/provider';
import { Doc } from 'yjs';
import { collaborationUrl } from './api.ts';
import { readUser } from './caret.ts';
import type { OpenDocument } from './open-document.ts';
import type { PassSource } from './pass.ts';
import type { Person } from './people.ts';

const PATIENCE_MS = 8000;

/** Knocks on a document with some token, on a connection of its own, and tells the reason of the refusal. */
export async function knock(documentName: string, token: string): Promise<string | undefined> {
  return withConnection(
    documentName,
    () => token,
    (provider, resolve) => {
      provider.on('authenticationFailed', ({ reason }: { reason: string }) => resolve(reason));
      provider.on('authenticated', () => resolve(undefined));
    },
  );
}

/**
 * Claims another name in presence, and asks a second connection what everybody else is told.
 * Gives back the name that arrives there.
 */
export async function pretend(open: OpenDocument, passes: PassSource, somebody: Person): Promise<string | undefined> {
  const { awareness, document } = open.provider;
  const honest = awareness?.getLocalState()?.user;
  const seen = await withConnection<string>(open.name, passes, (witness, resolve) => {
    witness.awareness?.setLocalState(null);
    let claimed = false;
    const look = (): void => {
      const state = witness.awareness?.getStates().get(document.clientID);
      if (claimed && state?.claim === somebody.id) resolve(readUser(state.user).name);
    };
    witness.awareness?.on('change', look);
    witness.on('synced', () => {
      claimed = true;
      // The second field passes unchanged: once it arrives, so has the first.
      awareness?.setLocalState({ ...awareness.getLocalState(), user: { ...honest, ...somebody }, claim: somebody.id });
    });
  });
  const { claim: _, ...state } = awareness?.getLocalState() ?? {};
  awareness?.setLocalState({ ...state, user: honest });
  return seen;
}

async function withConnection<Result>(
  name: string,
  token: () => string | Promise<string>,
  use: (provider: HocuspocusProvider, resolve: (result: Result | undefined) => void) => void,
): Promise<Result | undefined> {
  const document = new Doc();
  const source = async (): Promise<string> => token();
  const provider = new HocuspocusProvider({ url: collaborationUrl(), name, document, token: source });
  try {
    return await new Promise((resolve) => {
      use(provider, resolve);
      setTimeout(() => resolve(undefined), PATIENCE_MS);
    });
  } finally {
    provider.destroy();
    document.destroy();
  }
}
