import { type Account, fetchAccounts, fetchMe, type Me, signIn } from './api.ts';
import { createNeighbours } from './neighbours.ts';
import { signInPage, unavailablePage } from './sign-in.ts';
import type { Workspace } from './workspace.ts';

/** One person's half of the page, or all of it: sign-in, then documents. Shows nothing before `ready`. */
export async function startPane(root: HTMLElement, ready: Promise<unknown>): Promise<void> {
  // The editor is most of the page's code: it loads while the server says who is here.
  const loading = import('./workspace.ts');
  const neighbours = createNeighbours();
  let workspace: Workspace | undefined;
  let accounts: Account[] = [];

  async function show(who: () => Promise<Me | undefined>): Promise<void> {
    try {
      const [found, me, { createWorkspace }] = await Promise.all([fetchAccounts(), who(), loading, ready]);
      accounts = found;
      workspace?.close();
      workspace = undefined;
      if (!me) return choose();
      const { username, name, owns } = me;
      workspace = createWorkspace({ me: { id: username, name, owns }, accounts, neighbours, onLeave: choose });
      root.replaceChildren(workspace.element);
    } catch {
      root.replaceChildren(unavailablePage(() => void show(fetchMe)));
    }
  }

  function choose(): void {
    workspace?.close();
    workspace = undefined;
    history.replaceState(null, '', location.pathname + location.search);
    document.title = 'hocuspass';
    root.replaceChildren(signInPage(accounts, (username) => void show(() => enter(username))));
  }

  await show(whoIsHere);
}

async function enter(username: string): Promise<Me | undefined> {
  await signIn(username);
  return fetchMe();
}

/** `?as=ada` signs in once, so that the first screen is never empty; whoever signs out stays signed out. */
async function whoIsHere(): Promise<Me | undefined> {
  const username = new URLSearchParams(location.search).get('as');
  const visited = `hocuspass:visited:${location.pathname}`;
  if (username === null || localStorage.getItem(visited) !== null) return fetchMe();
  localStorage.setItem(visited, 'yes');
  return enter(username);
}
