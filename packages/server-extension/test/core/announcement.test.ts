import { expect, test } from 'vitest';
import { formatAnnouncement, parseAnnouncement } from '../../src/core/announcement.ts';

test('an announcement is read as it was written', () => {
  const announcement = { level: 'comment', expiresInSeconds: 600 } as const;
  expect(formatAnnouncement(announcement)).toBe('{"hocuspass":{"level":"comment","expiresInSeconds":600}}');
  expect(parseAnnouncement(formatAnnouncement(announcement))).toEqual(announcement);
});

test.for([
  '',
  'hello',
  '{"type":"app"}',
  '{"hocuspass":',
  '{"hocuspass":null}',
  '{"hocuspass":{"level":"owner","expiresInSeconds":1}}',
  '{"hocuspass":{"level":"read","expiresInSeconds":"1"}}',
])("an app's own message is not an announcement: %s", (text) => {
  expect(parseAnnouncement(text)).toBeUndefined();
});
