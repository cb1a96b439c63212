import { type Account, fetchAccounts, fetchMe, signIn } from './api.ts';
import { createNeighbours } from './neighbours.ts';
import { signInPage, unavailablePage } from './sign-in.ts';
import { createWorkspace, type Workspace } from './workspace.ts';

/** One person's half of the page, or all of it: sign-in, then documents. */
export async function startPane(root: HTMLElement): Promise<void> {
  const neighbours = createNeighbours();
  let workspace: Workspace | undefined;
  let accounts: Account[] = [];

  async function show(): Promise<void> {
    try {
      accounts = await fetchAccounts();
      const me = await whoIsHere();
      workspace?.close();
      workspace =
        me &&
        createWorkspace({
          me: { id: me.username, name: me.name, owns: me.owns },
          accounts,
          neighbours,
          onLeave: choose,
        });
      root.replaceChildren(workspace?.element ?? signInPage(accounts, (username) => void enter(username)));
    } catch {
      root.replaceChildren(unavailablePage(() => void show()));
    }
  }

  function choose(): void {
    workspace?.close();
    workspace = undefined;
    history.replaceState(null, '', location.pathname + location.search);
    document.title = 'hocuspass';
    root.replaceChildren(signInPage(accounts, (username) => void enter(username)));
  }

  async function enter(username: string): Promise<void> {
    try {
      await signIn(username);
    } finally {
      await show();
    }
  }

  await show();
}

/** `?as=ada` signs in once, so that the first screen is never empty; whoever signs out stays signed out. */
async function whoIsHere(): ReturnType<typeof fetchMe> {
  const username = new URLSearchParams(location.search).get('as');
  const visited = `hocuspass:visited:${location.pathname}`;
  if (username !== null && localStorage.getItem(visited) === null) {
    localStorage.setItem(visited, 'yes');
    await signIn(username);
  }
  return fetchMe();
}
