import { type Account, fetchAccounts, fetchMe, type Me, signIn } from './api.ts';
import { atMost, untilLoaded } from './await-state.ts';
import { readHash } from './hash.ts';
import { createNeighbours } from './neighbours.ts';
import { createPassSource, type PassSource } from './pass.ts';
import { signInPage, unavailablePage } from './sign-in.ts';
import type { Workspace } from './workspace.ts';

/** How long the editor lets the text go first. */
const TEXT_FIRST_MS = 250;

/** One person's half of the page, or all of it: sign-in, then documents. Shows nothing before `ready`. */
export async function startPane(root: HTMLElement, ready: Promise<unknown>): Promise<void> {
  const loadingConnection = import('./open-document.ts');
  const neighbours = createNeighbours();
  let workspace: Workspace | undefined;
  let accounts: Account[] = [];

  async function show(who: () => Promise<Me | undefined>): Promise<void> {
    const passes = createPassSource();
    const arriving = who();
    const opening = arriving.then((me) => (me ? openFirst(passes) : undefined));
    const loadingEditor = opening.then(async (first) => {
      // Starting the editor keeps the browser busy, and it is shown once instead of twice if the text is there first.
      if (first) await atMost(untilLoaded(first), TEXT_FIRST_MS);
      return import('./workspace.ts');
    });
    try {
      const [found, me, { createWorkspace }] = await Promise.all([fetchAccounts(), arriving, loadingEditor, ready]);
      const first = await opening;
      accounts = found;
      workspace?.close();
      workspace = undefined;
      if (!me) return choose();
      const { username, name, owns } = me;
      workspace = createWorkspace({
        me: { id: username, name, owns },
        accounts,
        neighbours,
        passes,
        first,
        onLeave: choose,
      });
      root.replaceChildren(workspace.element);
    } catch {
      void opening.then(
        (first) => first?.close(),
        () => undefined,
      );
      root.replaceChildren(unavailablePage(() => void show(fetchMe)));
    }
  }

  /** What the address names is on its way before there is an editor to show it in. */
  async function openFirst(passes: PassSource) {
    const name = readHash();
    const { openDocument } = await loadingConnection;
    if (name === undefined) return undefined;
    // The connection asks for the pass once it is made, and finds it here.
    passes().catch(() => undefined);
    return openDocument(name, passes);
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
