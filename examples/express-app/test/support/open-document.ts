import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { type AuthState, createTokenSource, keepAuthenticated } from 'hocuspass/client';
import { onTestFinished } from 'vitest';
import { type Doc, XmlElement, XmlText } from 'yjs';
import { until } from './until.ts';

/** A document that somebody has open, as the editor page would have it. */
export interface OpenDocument {
  provider: HocuspocusProvider;
  auth: AuthState;
  /** Adds a paragraph at the end. */
  write(text: string): void;
  text(): string;
  untilLevel(level: string | undefined): Promise<void>;
  untilRefused(reason: string): Promise<void>;
  untilText(text: string): Promise<void>;
  /** Until everything written here has arrived on the server. */
  untilSaved(): Promise<void>;
}

export function openDocument(collabUrl: string, name: string, token: () => Promise<string>): OpenDocument {
  const websocketProvider = new HocuspocusProviderWebsocket({ url: collabUrl, delay: 50, minDelay: 50, jitter: false });
  const tokens = createTokenSource(async () => token());
  const provider = new HocuspocusProvider({ websocketProvider, name, token: tokens });
  const auth = keepAuthenticated(provider, tokens);
  provider.attach();
  onTestFinished(() => {
    auth.stop();
    provider.destroy();
    websocketProvider.destroy();
  });
  const text = () => textOf(provider.document);
  const state = () => JSON.stringify(auth.getSnapshot());

  return {
    provider,
    auth,
    write: (words) => writeParagraph(provider.document, words),
    text,
    untilLevel: (level) => until(() => auth.getSnapshot().level === level, `${name} is at ${level}`),
    untilRefused: async (reason) => {
      const isRefused = () => auth.getSnapshot().status === 'refused' && auth.getSnapshot().reason === reason;
      await until(isRefused, `${name} is refused with ${reason}`).catch((error) => {
        throw new Error(`${error.message}: ${state()}`);
      });
    },
    untilText: (words) => until(() => text().includes(words), `${name} has “${words}”`),
    untilSaved: () => until(() => provider.isSynced && !provider.hasUnsyncedChanges, `${name} is saved`),
  };
}

function writeParagraph(document: Doc, text: string): void {
  const paragraph = new XmlElement('paragraph');
  paragraph.insert(0, [new XmlText(text)]);
  document.getXmlFragment('default').push([paragraph]);
}

function textOf(document: Doc): string {
  return document.getXmlFragment('default').toString();
}
