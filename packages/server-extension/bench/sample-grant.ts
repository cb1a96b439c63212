import type { Grant } from '../src/index.ts';

/** What an app usually grants: one's own documents, some that all may read, some that one may comment on. */
export function sampleGrant(subject: string): Grant {
  return {
    subject,
    session: `session of ${subject}`,
    name: 'Ada Lovelace',
    documents: { 'team/*': 'write', 'handbook/*': 'read', [`${subject}/*`]: 'write', 'reviews/*': 'comment' },
  };
}
