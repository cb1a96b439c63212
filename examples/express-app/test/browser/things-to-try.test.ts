import { expect, test } from 'vitest';
import { keepTyping } from '../support/keep-typing.ts';
import { openSplitPage } from '../support/split-page.ts';
import { startApp } from '../support/start-app.ts';
import { until } from '../support/until.ts';

const SIDES = ['left', 'right'] as const;
const MAY = { write: 'may write', comment: 'may comment', read: 'may read', none: 'may not open it' } as const;

for (const side of SIDES) {
  test(`on the ${side}: a pass that is made to expire is renewed on the open connection`, async () => {
    const { url } = await startApp();
    const { [side]: person } = await openSplitPage(url);
    expect(await person.try('expire')).toMatch(/had a fresh one \d+ ms later/);
    await person.untilHappened('asked');
    await person.untilHappened('renewed');
    await until(async () => (await person.part('ring').getAttribute('data-renewals')) === '1', 'the ring jumped back');
    expect(await person.part('editor').getAttribute('contenteditable')).toBe('true');
  });

  test(`on the ${side}: a pass with one changed character is turned away`, async () => {
    const { url, events } = await startApp();
    const { [side]: person } = await openSplitPage(url);
    expect(await person.try('tamper')).toContain('token-invalid');
    expect(events.filter(({ type }) => type === 'denied').map(({ reason }) => reason)).toEqual(['token-invalid']);
    expect(await person.part('editor').getAttribute('contenteditable')).toBe('true');
  });

  test(`on the ${side}: somebody else's document is refused, and there is a way back`, async () => {
    const { url } = await startApp();
    const { [side]: person } = await openSplitPage(url);
    expect(await person.try('other-document')).toContain('document-forbidden');
    expect(await person.part('refusal').getAttribute('data-reason')).toBe('document-forbidden');
    expect(await person.part('editor').isVisible()).toBe(false);
    await person.part('refusal-document').click();
    await person.untilLevel('write');
    await person.untilText('Ada and Ben write this page');
  });

  test(`on the ${side}: a borrowed name reaches nobody`, async () => {
    const { url } = await startApp();
    const { left, right, [side]: person } = await openSplitPage(url);
    const [own, other] = side === 'left' ? ['Ada', 'Ben'] : ['Ben', 'Ada'];
    await person.typeAfter('Ada and Ben write this page', ' Hello.');
    const watcher = side === 'left' ? right : left;
    await watcher.find(`.caret[data-user=${own.toLowerCase()}]`).waitFor();
    expect(await person.part('try-pretend').textContent()).toBe(`Pretend to be ${other}`);
    const sentence = await person.try('pretend');
    expect(sentence).toContain(`announced yourself as ${other}`);
    expect(sentence).toContain(`still sees ${own}`);
    expect(await watcher.part('presence').locator('[data-user]').count()).toBe(1);
    expect(await watcher.part('presence').locator('[data-user]').getAttribute('data-user')).toBe(own.toLowerCase());
    // The caret stays in sight, under the name in the pass.
    expect(await watcher.find('.caret').textContent()).toContain(own);
  });

  test(`on the ${side}: signing out everywhere closes the editor, and signing in opens it again`, async () => {
    const { url } = await startApp();
    const { left, right, [side]: person } = await openSplitPage(url);
    expect(await person.try('sign-out')).toContain('Every pass of yours was withdrawn');
    await person.find('[data-testid=refusal][data-reason=signed-out]').waitFor();
    const other = side === 'left' ? right : left;
    expect(await other.part('editor').getAttribute('contenteditable')).toBe('true');
    await person.part('refusal-sign-in').click();
    await person.untilLevel('write');
  });

  test(`on the ${side}: what is typed offline arrives once the connection is back`, async () => {
    const { url } = await startApp();
    const { left, right, [side]: person } = await openSplitPage(url);
    const other = side === 'left' ? right : left;
    await person.try('offline');
    await person.find('[data-testid=state][data-state=offline]').waitFor();
    await person.typeAfter('Ada and Ben write this page', ' Written in a tunnel.');
    await other.typeAfter('Write the announcement', ' today');
    await person.part('try-offline').click();
    await other.untilText('Written in a tunnel.');
    await person.untilText('Write the announcement today');
    await person.find('[data-testid=state][data-state=saved]').waitFor();
  });
}

for (const side of SIDES) {
  test(`on the ${side}: somebody’s rights are changed while they type, and both are told`, async () => {
    const { url } = await startApp();
    const { page, left: ada, right: ben, [side]: person } = await openSplitPage(url);
    expect(await ada.part('rights-person').inputValue()).toBe('ben');
    await ben.typeAfter('Write the announcement', ' at');
    const stop = keepTyping(page, () => ' on');
    for (const level of ['comment', 'read', 'none', 'write'] as const) {
      // A click would take the caret away from whoever types.
      await person.part(`rights-${level}`).dispatchEvent('click');
      await ben.untilLevel(level);
      await ben
        .part('try-result')
        .filter({ hasText: `Ada decided that you ${MAY[level]}` })
        .waitFor();
      if (side === 'left')
        await ada
          .part('try-result')
          .filter({ hasText: `You decided that Ben ${MAY[level]}` })
          .waitFor();
      else
        await ada
          .part('timeline')
          .filter({ hasText: `gave Ben the level ${level}` })
          .waitFor();
    }
    await stop();
    await ben.typeAfter('Write the announcement', ' last.');
    const written = ben.find('[data-testid=editor] p').filter({ hasText: /^Write the announcement at on.* last\./ });
    await ada.untilText((await written.textContent()) ?? 'nothing');
  });
}

test('whoever owns nothing asks the owner’s pane; without one the reason is said', async () => {
  const { url } = await startApp();
  const { left: ada, right: ben } = await openSplitPage(url);
  await ben.part('rights-read').click();
  await ben.untilLevel('read');
  expect(await ben.part('notice').textContent()).toContain('You are reading');
  await ben.part('rights-write').click();
  await ben.untilLevel('write');

  await ada.part('me').click();
  await ada.part('switch-account').click();
  await ada.part('account-dan').click();
  await ada.untilLevel('read');
  await until(() => ben.part('rights-read').isDisabled(), 'nobody is left to ask');
  expect(await ben.find('.rights .note').textContent()).toContain('Only its owner');
});
