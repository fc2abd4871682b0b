import { create } from "zustand";
import { connectClient } from "../../lib/client.ts";
import { codeOf, PageError } from "../../lib/errors.ts";
import { writeLocal } from "../../lib/local.ts";
import { sharesItsOrigin } from "../../lib/safe-origin.ts";
import { storeLock } from "../../lib/store-lock.ts";
import type { Client, ErrorCode, Identity, UnlockedKey } from "../../lib/types.ts";
import { flushDrafts } from "../conversation/drafts.ts";
import { closeNotices } from "../notifications/show.ts";
import { hearChain } from "../shell/connection.ts";
import { type Leadership, leadTab } from "./lead-tab.ts";
import { hearLock, sayLock } from "./lock-channel.ts";
import { readyToShow } from "./ready.ts";
import { type Following, followTab, hearLead } from "./tabs/follow.ts";
import { serveTabs } from "./tabs/serve.ts";

export type Session =
  | { status: "starting" }
  /** Another tab leads. */
  | { status: "elsewhere" }
  /** Served from an origin that other sites share. */
  | { status: "unsafe" }
  | { status: "broken"; code: ErrorCode }
  /** Nothing opens without the security code. No tab leads. */
  | { status: "locked" }
  /** The store is being written anew under a lock: share that is done, 0 to 1. */
  | { status: "locking"; done: number }
  | { status: "newcomer"; client: Client }
  /** `follows`: another tab leads, and this one shows the same by asking it. */
  | { status: "joined"; client: Client; identity: Identity; follows?: true };

interface SessionState {
  session: Session;
  /** Takes over from whichever tab leads. */
  takeOver(): Promise<void>;
  retry(): Promise<void>;
  /** Called once the join flow is through, so that its last screens can be shown first. */
  enter(identity: Identity): void;
  /** @throws CALL_BUSY, CLIENT_CLOSED when this tab could not take the lead */
  leave(): Promise<void>;
  /** Whether a security code was needed to open this. */
  locks: boolean;
  /** Closes everything; the page begins anew, so that nothing of the old one is left in memory. @throws CALL_BUSY */
  lock(): Promise<void>;
  /** @throws LOCK_CODE_WRONG, LOCK_PAUSED */
  unlock(code: string): Promise<void>;
  /** @throws CALL_BUSY, CLIENT_CLOSED as in `leave`, and those of the SDK's `lockStore` */
  setLock(code: string): Promise<void>;
  /** @throws LOCK_CODE_WRONG, LOCK_PAUSED, CALL_BUSY, CLIENT_CLOSED */
  removeLock(code: string): Promise<void>;
  /** The way out when the code is forgotten or the store is damaged: this device begins anew. */
  beginAnew(): Promise<void>;
}

/** A tab that cannot close within this time is closed by leaving the page. */
const closingPatience = 3_000;

let leadership: Leadership | undefined;
/** This page has shown what is locked now. */
let hasShown = false;
let following: Following | undefined;
let stopServing = () => {};
/** Tabs that wait for the one that leads to be closed. */
let succession: AbortController | undefined;
/** While the store is closed and being worked on: a tab that asks for the lead waits for the end. */
let working: Promise<void> | undefined;
/** Opens the store where there is a lock; nowhere else than in the memory of the tab that leads. */
let key: UnlockedKey | undefined;

export const useSession = create<SessionState>((set, get) => ({
  session: { status: "starting" },
  async takeOver() {
    set({ session: { status: "starting" } });
    await lead({ steal: true });
  },
  async retry() {
    set({ session: { status: "starting" } });
    await open();
  },
  enter(identity) {
    const { session } = get();
    if (session.status !== "newcomer") return;
    writeLocal("joined", "1");
    set({ session: { status: "joined", client: session.client, identity } });
    serve(session.client);
  },
  async leave() {
    await leadFirst();
    const { session } = get();
    if (session.status !== "joined") throw new PageError("CLIENT_CLOSED");
    stopServing();
    await session.client.leave();
    key = undefined;
    forgetPerson();
    set({ session: { status: "newcomer", client: session.client }, locks: false });
  },
  locks: false,
  async lock() {
    await leadFirst();
    const client = clientOf(get().session);
    if (!client || !get().locks) return;
    set({ session: { status: "starting" } });
    await patiently(closeAll(client), closeNotices());
    sayLock("locked");
    location.reload();
  },
  async unlock(code) {
    const opened = await storeLock.open(code);
    set({ session: { status: "starting" } });
    await lead({ steal: true }, opened);
    sayLock("opened");
  },
  async setLock(code) {
    await leadFirst();
    await withoutClient(async () => {
      key = await storeLock.set(code, (done) => set({ session: { status: "locking", done } }));
    });
  },
  async removeLock(code) {
    // A wrong code is noticed before anything is closed.
    await leadFirst(await storeLock.open(code));
    await withoutClient(async () => {
      await storeLock.remove(code);
      key = undefined;
      writeLocal("lockLabel", null);
    });
  },
  async beginAnew() {
    await storeLock.erase();
    forgetPerson();
    location.replace("/");
  },
}));

/** Does something to the store that needs it closed, and opens it again however that ends. */
async function withoutClient(work: () => Promise<void>): Promise<void> {
  const { session } = useSession.getState();
  if (session.status !== "joined") throw new PageError("CLIENT_CLOSED");
  const lead = leadership;
  const { promise, resolve } = Promise.withResolvers<void>();
  working = promise;
  useSession.setState({ session: { status: "locking", done: 0 } });
  try {
    await closeAll(session.client);
    await work();
  } finally {
    working = undefined;
    resolve();
    // Another tab that asked for the lead meanwhile has it by now.
    if (leadership === lead) await open();
  }
}

async function closeAll(client: Client): Promise<void> {
  stopServing();
  await flushDrafts();
  await client.close();
}

/** Comes to an end however they do, and whether they do. */
async function patiently(...closing: Promise<unknown>[]): Promise<void> {
  await Promise.race([Promise.allSettled(closing), new Promise((resolve) => setTimeout(resolve, closingPatience))]);
}

function forgetPerson(): void {
  writeLocal("joined", null);
  writeLocal("lockLabel", null);
}

/** Starts once per page. */
export async function startSession(): Promise<void> {
  if (sharesItsOrigin(location)) return useSession.setState({ session: { status: "unsafe" } });
  hearLock((word) => {
    const { status } = useSession.getState().session;
    // Tabs lock together, and one that is opened leads again.
    if (word === "locked" && leadership === undefined && status !== "locked") {
      unfollow();
      useSession.setState({ session: { status: "locked" } });
      // What this tab showed is forgotten with the page.
      if (hasShown) location.reload();
    }
    if (word === "opened" && status === "locked") void follow();
  });
  await lead({ steal: false });
}

export function clientOf(session: Session): Client | undefined {
  return session.status === "joined" || session.status === "newcomer" ? session.client : undefined;
}

async function lead(options: { steal: boolean }, opened?: UnlockedKey): Promise<void> {
  leadership = await leadTab({ ...options, onLost: stepBack });
  key = opened;
  if (!leadership) return follow();
  unfollow();
  await open();
}

/** What only the tab that leads can do. @throws CALL_BUSY when the one that leads is in a call, which would end */
async function leadFirst(opened?: UnlockedKey): Promise<void> {
  if (following?.state().inCall) throw new PageError("CALL_BUSY");
  if (following) await lead({ steal: true }, opened);
}

function serve(client: Client): void {
  stopServing();
  stopServing = serveTabs(client, { locks: key !== undefined, onActive: sayHere });
}

async function leadingClient(): Promise<Client> {
  await leadFirst();
  const client = clientOf(useSession.getState().session);
  if (!client) throw new PageError("CLIENT_CLOSED");
  return client;
}

/** Shows what the tab that leads has, and succeeds it when it is closed. */
async function follow(): Promise<void> {
  unfollow();
  const waiting = new AbortController();
  succession = waiting;
  void leadTab({ wait: waiting.signal, onLost: stepBack }).then(async (won) => {
    if (succession !== waiting) return won?.release();
    // Somebody else was quicker.
    if (!won) return follow();
    unfollow();
    leadership = won;
    await open();
  });
  const ready = readyToShow().catch(codeOf);
  const found = await followTab({
    lead: leadingClient,
    onState: ({ identity, locks }) => {
      const { session } = useSession.getState();
      if (session.status === "joined" && session.follows)
        useSession.setState({ locks, session: { ...session, identity } });
    },
    // Whoever leads next says so; until then this tab shows that it waits.
    onOver: () => void (succession === waiting && follow()),
  });
  const show = await ready;
  if (succession !== waiting) return found?.stop();
  if (typeof show === "string") {
    found?.stop();
    return useSession.setState({ session: { status: "broken", code: show } });
  }
  following = found;
  if (!found) {
    useSession.setState({ session: { status: "elsewhere" } });
    if ((await hearLead(waiting.signal)) && succession === waiting) await follow();
    return;
  }
  hasShown = true;
  const { client } = found;
  const { identity, locks } = found.state();
  show(client);
  useSession.setState({ locks, session: { status: "joined", client, identity, follows: true } });
}

function unfollow(): void {
  succession?.abort();
  succession = undefined;
  following?.stop();
  following = undefined;
}

/** Somebody uses this tab: no other one may lock as if nobody were there. */
export const sayActive = (): void => following?.sayActive();

async function open(): Promise<void> {
  const lead = leadership;
  try {
    const show = await readyToShow();
    // Another tab took the lead while this one was opening.
    if (leadership !== lead) return;
    const client = await connectClient(key);
    if (leadership !== lead) return await client.close();
    hearChain(client);
    show(client);
    hasShown = true;
    const { identity } = client;
    writeLocal("joined", identity ? "1" : null);
    useSession.setState({
      locks: key !== undefined,
      session: identity ? { status: "joined", client, identity } : { status: "newcomer", client },
    });
    if (identity) serve(client);
    client.on("identity", (changed) => {
      const { session } = useSession.getState();
      if (changed && session.status === "joined") useSession.setState({ session: { ...session, identity: changed } });
    });
  } catch (error) {
    if (leadership !== lead) return;
    const code = codeOf(error);
    if (code === "STORE_LOCKED") return stayLocked();
    useSession.setState({ session: { status: "broken", code } });
  }
}

/** Whoever knows the code leads; until then nobody does. What this page showed goes with it. */
async function stayLocked(): Promise<void> {
  leadership?.release();
  leadership = undefined;
  key = undefined;
  useSession.setState({ session: { status: "locked" } });
  sayLock("locked");
  await patiently(closeNotices());
  if (hasShown) location.reload();
}

/** Another tab took the lead: close everything before it starts to write. */
async function stepBack(): Promise<void> {
  const client = following ? undefined : clientOf(useSession.getState().session);
  leadership = undefined;
  await working;
  key = undefined;
  useSession.setState({ session: { status: "starting" } });
  if (client) await closeAll(client);
  void follow();
}

/** Idle time is counted by what happens in this page (features/lock/idle.ts). */
const sayHere = (): void => void dispatchEvent(new Event("skrumble:active"));
