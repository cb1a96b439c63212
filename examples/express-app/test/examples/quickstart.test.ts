import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDocument } from '../support/open-document.ts';
import { QUICKSTART, startQuickstart } from '../support/quickstart.ts';

test('the quickstart runs as its README says', { timeout: 90_000 }, async () => {
  const { url, collabUrl } = await startQuickstart();
  const open = (username: string, name: string) =>
    openDocument(collabUrl, name, async () => {
      const response = await fetch(`${url}/collab/token?as=${username}`, { method: 'POST' });
      if (!response.ok) throw response;
      return (await response.json()).token;
    });

  const [ada, ben] = [open('ada', 'team/plan'), open('ben', 'team/plan')];
  await Promise.all([ada.untilLevel('write'), ben.untilLevel('write')]);
  ada.write('Hello');
  await ben.untilText('Hello');
  await open('ben', 'team/handbook').untilLevel('read');
  await open('ben', 'ada/diary').untilRefused('document-forbidden');
  await open('eve', 'team/plan').untilRefused('signed-out');
});

test('its server is shorter than 60 lines', () => {
  expect(readFileSync(join(QUICKSTART, 'server.js'), 'utf8').split('\n').length).toBeLessThan(60);
});
