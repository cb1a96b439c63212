import type { AccessLevel } from 'hocuspass/core';
import { createEmitter } from './emitter.ts';
import { isAccessLevel } from './level.ts';

/** The person in the other frame, as far as this pane has heard. */
export interface Neighbour {
  username: string;
  name: string;
  documentName: string;
  level: AccessLevel | undefined;
  /** Whether this person may share the document that they have open. */
  owns: boolean;
}

/**
 * Panes of one page talk to each other through the outer page, which hands every message on. Without an outer page
 * there are no neighbours. They say who they are, and owners are asked to change somebody's rights.
 */
export interface Neighbours {
  current(): Neighbour | undefined;
  onChange(listener: () => void): () => void;
  introduce(self: Neighbour | undefined): void;
  /** Asks the neighbour, who must own the document. */
  askToShare(wish: ShareWish): void;
  onWish(listener: (wish: ShareWish) => void): () => void;
  /** Tells the neighbour that the wish is done, so that whoever was refused tries again. */
  tellShared(wish: ShareWish): void;
  onShared(listener: (wish: ShareWish) => void): () => void;
}

export interface ShareWish {
  documentName: string;
  subject: string;
  level: AccessLevel | null;
}

export function createNeighbours(): Neighbours {
  const changes = createEmitter<void>();
  const wishes = createEmitter<ShareWish>();
  const shared = createEmitter<ShareWish>();
  let neighbour: Neighbour | undefined;
  let self: Neighbour | undefined;

  const send = (kind: string, data: unknown): void => {
    if (window.parent !== window) window.parent.postMessage({ hocuspass: kind, data }, location.origin);
  };

  window.addEventListener('message', ({ origin, data: message }: MessageEvent<unknown>) => {
    if (origin !== location.origin) return;
    const { hocuspass: kind, data } = toRecord(message);
    if (kind === 'who') send('here', self);
    if (kind === 'here') {
      neighbour = readNeighbour(data);
      changes.emit();
    }
    const wish = readWish(data);
    if (kind === 'wish' && wish) wishes.emit(wish);
    if (kind === 'shared' && wish) shared.emit(wish);
  });
  send('who', undefined);

  return {
    current: () => neighbour,
    onChange: changes.on,
    introduce: (next) => {
      self = next;
      send('here', self);
    },
    askToShare: (wish) => send('wish', wish),
    onWish: wishes.on,
    tellShared: (wish) => send('shared', wish),
    onShared: shared.on,
  };
}

export function readNeighbour(data: unknown): Neighbour | undefined {
  const { username, name, documentName, level, owns } = toRecord(data);
  if (typeof username !== 'string' || typeof name !== 'string' || typeof documentName !== 'string') return undefined;
  return { username, name, documentName, level: isAccessLevel(level) ? level : undefined, owns: owns === true };
}

export function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function readWish(data: unknown): ShareWish | undefined {
  const { documentName, subject, level } = toRecord(data);
  if (typeof documentName !== 'string' || typeof subject !== 'string') return undefined;
  return { documentName, subject, level: isAccessLevel(level) ? level : null };
}
