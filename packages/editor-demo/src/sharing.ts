import { fetchShares, type Share, share } from './api.ts';
import { createEmitter } from './emitter.ts';
import type { ShareWish } from './neighbours.ts';
import type { DocumentState, OpenDocument } from './open-document.ts';
import type { PassSource } from './pass.ts';
import type { Me } from './people.ts';

/** Who else may do what in the open document, as far as its owner is told; nothing for everybody else. */
export interface Sharing {
  owns(): boolean;
  levelOf(subject: string): Share['level'] | undefined;
  onChange(listener: () => void): () => void;
  setDocument(open: OpenDocument): void;
  update(state: DocumentState): void;
  /** Decides what somebody may do. Rejects if the server will not have it. */
  grant(wish: ShareWish): Promise<void>;
}

export function createSharing(me: Me, passes: PassSource): Sharing {
  const changes = createEmitter<void>();
  let documentName = '';
  let level: DocumentState['level'];
  let shares: Share[] | undefined;

  async function load(): Promise<void> {
    const name = documentName;
    const [folder = ''] = name.split('/');
    // Servers that do not say what somebody owns are asked, at the price of a refusal.
    const mayAsk = level === 'write' && (me.owns?.includes(folder) ?? true);
    const found = mayAsk ? await fetchShares(await passes(), name).catch(() => undefined) : undefined;
    if (name !== documentName) return;
    shares = found;
    changes.emit();
  }

  return {
    owns: () => shares !== undefined,
    levelOf: (subject) => shares?.find((entry) => entry.subject === subject)?.level,
    onChange: changes.on,
    setDocument: ({ name }) => {
      documentName = name;
      level = undefined;
      shares = undefined;
    },
    update: (state) => {
      if (state.level === level) return;
      ({ level } = state);
      void load();
    },
    grant: async (wish) => {
      await share(await passes(), wish.documentName, wish);
      await load();
    },
  };
}
