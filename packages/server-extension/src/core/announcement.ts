import { type AccessLevel, isAccessLevel } from './level.ts';

/** What the server tells a client about its open connection, in a stateless message. */
export interface Announcement {
  level: AccessLevel;
  /** Seconds until the connection ends without a renewal, counted by the server, so that the browser's clock does not matter. */
  expiresInSeconds: number;
}

/** The text of the stateless message: `{"hocuspass":{"level":"write","expiresInSeconds":600}}`. */
export function formatAnnouncement({ level, expiresInSeconds }: Announcement): string {
  return JSON.stringify({ hocuspass: { level, expiresInSeconds } });
}

/** Reads a stateless message; `undefined` for every message that is not an announcement. */
export function parseAnnouncement(text: string): Announcement | undefined {
  try {
    const { level, expiresInSeconds } = JSON.parse(text).hocuspass;
    if (isAccessLevel(level) && typeof expiresInSeconds === 'number') return { level, expiresInSeconds };
  } catch {
    // Not ours after all: an app may send any text.
  }
  return undefined;
}
