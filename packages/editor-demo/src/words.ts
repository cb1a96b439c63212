import type { AccessLevel } from 'hocuspass/core';
import type { DocumentState } from './open-document.ts';
import { describeKeys } from './shortcut.ts';

/** What a level lets somebody do, for people. */
export const LEVELS: Readonly<Record<AccessLevel | 'none', { label: string; may: string }>> = {
  write: { label: 'Can write', may: 'may write' },
  comment: { label: 'Can comment', may: 'may comment' },
  read: { label: 'Can read', may: 'may read' },
  none: { label: 'No access', may: 'may not open it' },
};

/** The state of a document in words, and as one word for styles and tests. */
export function describeState({ status, unsaved, level, plugged }: DocumentState): { state: string; text: string } {
  if (status === 'refused') return { state: 'refused', text: 'Not connected' };
  if (status === 'offline') {
    return { state: 'offline', text: plugged ? 'Offline, reconnecting' : 'Offline, edits are kept here' };
  }
  if (status === 'connecting') return { state: 'connecting', text: 'Connecting' };
  if (status === 'renewing') return { state: 'renewing', text: 'Renewing the pass' };
  if (level !== 'write' && level !== 'comment') return { state: 'saved', text: 'Up to date' };
  return unsaved ? { state: 'saving', text: 'Saving' } : { state: 'saved', text: 'Saved' };
}

interface Refusal {
  title: string;
  text: string;
  /** What can be done about it; the first is the likeliest. */
  ways: readonly ('retry' | 'sign-in' | 'accounts' | 'document')[];
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'document-forbidden': {
    title: 'Your pass does not open this document',
    text: 'Its owner can let you in. Or go on with another one.',
    ways: ['document', 'retry', 'accounts'],
  },
  'token-revoked': {
    title: 'Your pass was withdrawn',
    text: 'What you had open was closed at once, in every tab.',
    ways: ['sign-in', 'accounts'],
  },
  'token-expired': {
    title: 'Your pass has expired',
    text: 'No fresh one could be had.',
    ways: ['retry', 'sign-in', 'accounts'],
  },
  'token-invalid': {
    title: 'Your pass is not valid',
    text: 'The server did not recognise its signature.',
    ways: ['retry', 'sign-in', 'accounts'],
  },
  'subject-changed': {
    title: 'Somebody else signed in here',
    text: 'This document was opened with another person’s pass.',
    ways: ['retry', 'accounts'],
  },
  'signed-out': {
    title: 'You are signed out',
    text: 'Your pass was withdrawn, and what you had open was closed, in every tab.',
    ways: ['sign-in', 'accounts'],
  },
  'rate-limited': {
    title: 'Too many attempts',
    text: 'The server asks you to wait a moment.',
    ways: ['retry', 'accounts'],
  },
  'auth-unavailable': {
    title: 'Access cannot be checked right now',
    text: 'Nobody is let in without a check, so this document stays closed until it is possible again.',
    ways: ['retry', 'accounts'],
  },
};

/** A refusal in words. The token endpoint's own 401 means that nobody is signed in any more. */
export function describeRefusal(reason: string): Refusal & { reason: string } {
  const known = REFUSALS[reason];
  if (known) return { ...known, reason };
  return {
    reason,
    title: 'The document could not be opened',
    text: 'The server gave a reason that this page has no words for.',
    ways: ['retry', 'sign-in', 'accounts'],
  };
}

/** `1 word`, `2 words`. */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** Why one cannot type, or what was not accepted; nothing where there is nothing to say. */
export function describeLimits({ status, level, rejectedChanges }: DocumentState): string {
  if (status === 'refused' || level === undefined) return '';
  if (rejectedChanges > 0 && level !== 'write') {
    return `${count(rejectedChanges, 'change')} came too late to be accepted. Kept here until you may write again.`;
  }
  if (level === 'read') return 'You are reading. Your pass does not let you change this document.';
  if (level === 'comment') return 'You may comment: select some text first.';
  return '';
}

/** The keys that help here. */
export function describeHint(may: { write: boolean; comment: boolean }): string {
  const keys = describeKeys('Mod-Alt-M');
  if (may.write) return `Comment: ${keys}`;
  return may.comment ? `Select: ${describeKeys('Alt-↓')}  Comment: ${keys}` : '';
}
