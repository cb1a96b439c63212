import { describe, expect, test } from 'vitest';
import { type OpenDocument, openDocument } from './support/open-document.ts';
import { type Person, signIn } from './support/person.ts';
import { type RunningApp, startApp } from './support/start-app.ts';

const share = (owner: Person, name: string, subject: unknown, level: unknown): Promise<Response> =>
  owner.withToken(`/api/documents/${name}/access`, { method: 'PUT', body: { subject, level } });

/** Ada, who owns the plan, and somebody who has it open. */
async function planWith(
  username: string,
): Promise<{ app: RunningApp; ada: Person; guest: Person; open: OpenDocument }> {
  const app = await startApp();
  const [ada, guest] = [await signIn(app.url, 'ada'), await signIn(app.url, username)];
  return { app, ada, guest, open: openDocument(app.collabUrl, 'team/plan', guest.token) };
}

describe('who may share', () => {
  test('the owner changes and sees the shares', async () => {
    const { url } = await startApp();
    const ada = await signIn(url, 'ada');
    expect((await share(ada, 'team/plan', 'dan', 'write')).status).toBe(204);
    expect((await share(ada, 'team/plan', 'ben', null)).status).toBe(204);
    expect(await (await ada.withToken('/api/documents/team/plan/access')).json()).toEqual({
      name: 'team/plan',
      shares: [
        { subject: 'ben', level: null },
        { subject: 'dan', level: 'write' },
      ],
    });
  });

  test('everybody owns what is under their own name, and ada the team’s', async () => {
    const { url } = await startApp();
    const [ada, ben] = [await signIn(url, 'ada'), await signIn(url, 'ben')];
    expect((await share(ben, 'ben/ideas', 'ada', 'read')).status).toBe(204);
    expect((await ada.withToken('/api/documents/ben/ideas')).status).toBe(200);
    expect((await share(ben, 'team/plan', 'dan', 'write')).status).toBe(403);
    expect((await share(ada, 'ben/ideas', 'dan', 'write')).status).toBe(403);
    expect((await ben.withToken('/api/documents/team/plan/access')).status).toBe(403);
  });

  test('nobody without a token, and nobody with a token for another document', async () => {
    const { url } = await startApp();
    const ada = await signIn(url, 'ada');
    const path = '/api/documents/team/plan/access';
    expect((await ada.fetch(path)).status).toBe(401);
    expect((await ada.fetch(path, { method: 'PUT', body: { subject: 'dan', level: 'write' } })).status).toBe(401);
    const token = await ada.token({ documentNames: ['team/handbook'] });
    expect((await ada.withToken(path, { token })).status).toBe(403);
  });

  test.each([
    ['nobody', 'write'],
    [7, 'write'],
    [undefined, 'write'],
    ['ada', 'read'],
    ['dan', 'admin'],
    ['dan', undefined],
    ['dan', 'none'],
  ])('%j at %j is not a share', async (subject, level) => {
    const { url } = await startApp();
    const ada = await signIn(url, 'ada');
    expect((await share(ada, 'team/plan', subject, level)).status).toBe(400);
    expect((await (await ada.withToken('/api/documents/team/plan/access')).json()).shares).toEqual([]);
  });
});

describe('while the document is open', () => {
  test('down and up again, nothing typed is lost', async () => {
    const { app, ada, open } = await planWith('ben');
    const hers = openDocument(app.collabUrl, 'team/plan', ada.token);
    await Promise.all([open.untilLevel('write'), hers.untilLevel('write')]);

    await share(ada, 'team/plan', 'ben', 'read');
    await open.untilLevel('read');
    open.write('Typed while down');
    await share(ada, 'team/plan', 'ben', 'write');
    await open.untilLevel('write');
    open.write('Typed after');

    await hers.untilText('Typed while down');
    await hers.untilText('Typed after');
    expect(app.events.filter(({ type }) => type === 'expired' || type === 'revoked')).toEqual([]);
  });

  test('above what the account may do', async () => {
    const { app, ada, open } = await planWith('dan');
    await open.untilLevel('read');
    await share(ada, 'team/plan', 'dan', 'write');
    await open.untilLevel('write');
    open.write('From Dan');
    await open.untilSaved();
    const hers = openDocument(app.collabUrl, 'team/plan', ada.token);
    await hers.untilText('From Dan');
  });

  test('no access ends it, although a pattern would still grant it', async () => {
    const { ada, guest, open } = await planWith('ben');
    await open.untilLevel('write');
    await share(ada, 'team/plan', 'ben', null);
    await open.untilRefused('document-forbidden');

    expect((await guest.withToken('/api/documents/team/plan')).status).toBe(403);
    const { documents } = await (await guest.withToken('/api/documents')).json();
    expect(documents.map(({ name }: { name: string }) => name)).toEqual(['ben/ideas', 'team/handbook']);
  });

  test('no access ends also whoever keeps an old token', async () => {
    const { app, ada, guest } = await planWith('ben');
    const old = await guest.token();
    const stubborn = openDocument(app.collabUrl, 'team/plan', async () => old);
    await stubborn.untilLevel('write');
    await share(ada, 'team/plan', 'ben', null);
    await stubborn.untilRefused('document-forbidden');
    expect((await guest.withToken('/api/documents/team/handbook', { token: old })).status).toBe(200);
    expect((await guest.withToken('/api/documents/team/plan', { token: old })).status).toBe(401);
  });

  test('a lower level ends whoever answers with an old token', async () => {
    const { app, ada, guest } = await planWith('ben');
    const old = await guest.token();
    const stubborn = openDocument(app.collabUrl, 'team/plan', async () => old);
    await stubborn.untilLevel('write');
    await share(ada, 'team/plan', 'ben', 'read');
    await stubborn.untilRefused('token-expired');
  });

  test('access returns when the owner gives it back', async () => {
    const { ada, open } = await planWith('eve');
    await open.untilRefused('document-forbidden');
    await share(ada, 'team/plan', 'eve', 'comment');
    open.auth.retry();
    await open.untilLevel('comment');
  });

  test('other people are not disturbed', async () => {
    const { app, ada, open } = await planWith('ben');
    await open.untilLevel('write');
    await share(ada, 'team/plan', 'dan', null);
    await share(ada, 'team/handbook', 'ben', 'write');
    open.write('Still here');
    await open.untilSaved();
    const about = app.events.filter(({ subject, documentName }) => subject === 'ben' && documentName === 'team/plan');
    expect(about.map(({ type }) => type)).toEqual(['allowed']);
  });
});

test('a share survives a restart', async () => {
  const first = await startApp();
  await share(await signIn(first.url, 'ada'), 'team/plan', 'dan', 'write');
  await first.close();
  const { url } = await startApp({ dataDir: first.dataDir });
  const { level } = await (await (await signIn(url, 'dan')).withToken('/api/documents/team/plan')).json();
  expect(level).toBe('write');
});
