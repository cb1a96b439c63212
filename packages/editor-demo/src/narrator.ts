import type { DocumentState, OpenDocument } from './open-document.ts';
import type { Pass } from './pass.ts';
import type { Timeline } from './timeline.ts';
import { count, describeRefusal, LEVELS } from './words.ts';

/** Level and expiry arrive in messages of their own, one after the other: tell them as one. */
const TOGETHER_MS = 250;

/** Tells the timeline what happens to a document: compares each state with the one before. */
export function narrate({ name, provider, state, onChange }: OpenDocument, timeline: Timeline): () => void {
  let before: DocumentState = { ...state(), status: 'connecting', level: undefined, expiresAt: undefined };
  let lastStatus = before.status;
  let wasIn = false;
  let wasAsked = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    timer = undefined;
    const now = state();
    const isIn = now.status === 'authenticated';
    if (now.status === 'offline' && before.status !== 'offline') {
      timeline.add('offline', 'The connection is gone. What is typed now is kept here.');
    }
    if (now.status === 'refused' && before.status !== 'refused') {
      const { title } = describeRefusal(now.reason ?? '');
      timeline.add(now.reason === 'signed-out' ? 'signed-out' : 'refused', `${title} (${now.reason}).`);
      wasIn = false;
    }
    if (isIn && now.level && !wasIn) {
      wasIn = true;
      timeline.add('allowed', `Let in to ${name}: ${LEVELS[now.level].may}.`);
    } else if (isIn && now.level && before.level && now.level !== before.level) {
      timeline.add('level-changed', `Rights changed from ${before.level} to ${now.level}, on the open connection.`);
    } else if (isIn && before.status === 'offline') {
      timeline.add('online', 'Back online, and caught up.');
    } else if (isIn && (wasAsked || isLater(now.expiresAt, before.expiresAt))) {
      timeline.add('renewed', 'Renewed on the open connection.');
    }
    if (now.rejectedChanges > before.rejectedChanges) {
      timeline.add('write-rejected', `${count(now.rejectedChanges - before.rejectedChanges, 'change')} not accepted.`);
    }
    if (isIn) wasAsked = false;
    // Level and expiry are told while connected only, and until then what was told last counts.
    const told = isIn ? now : before;
    before = { ...now, level: told.level ?? before.level, expiresAt: told.expiresAt ?? before.expiresAt };
  };

  const hear = ({ status }: DocumentState): void => {
    if (status === 'renewing' && lastStatus === 'authenticated') {
      wasAsked = true;
      timeline.add('asked', 'The server asked for a fresh pass.');
    }
    lastStatus = status;
    timer ??= setTimeout(tell, TOGETHER_MS);
  };

  const hearRefusal = ({ reason }: { reason: string }): void => {
    if (reason === 'token-revoked') timeline.add('revoked', 'The pass was withdrawn, and the connection closed.');
    if (reason === 'token-expired') timeline.add('expired', 'The pass had expired, and the connection closed.');
  };

  provider.on('authenticationFailed', hearRefusal);
  const stop = onChange(hear);
  // Whoever comes late is told what they missed.
  hear(state());
  return () => {
    clearTimeout(timer);
    stop();
  };
}

export function narrateIssue({ lifetimeSeconds }: Pass, timeline: Timeline): void {
  timeline.add('issued', `A pass was issued, good for ${count(Math.round(lifetimeSeconds), 'second')}.`);
}

/** More than rounding and travel time can explain. */
function isLater(now: Date | undefined, before: Date | undefined): boolean {
  return now !== undefined && before !== undefined && now.getTime() - before.getTime() > 1000;
}
