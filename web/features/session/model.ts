import { create } from "zustand";
import { connectClient } from "../../lib/client.ts";
import { codeOf } from "../../lib/errors.ts";
import { writeLocal } from "../../lib/local.ts";
import { sharesItsOrigin } from "../../lib/safe-origin.ts";
import type { Client, ErrorCode, Identity } from "../../lib/types.ts";
import { type Leadership, leadTab } from "./lead-tab.ts";

export type Session =
  | { status: "starting" }
  /** Another tab leads. */
  | { status: "elsewhere" }
  /** Served from an origin that other sites share. */
  | { status: "unsafe" }
  | { status: "broken"; code: ErrorCode }
  | { status: "newcomer"; client: Client }
  | { status: "joined"; client: Client; identity: Identity };

interface SessionState {
  session: Session;
  /** Takes over from whichever tab leads. */
  takeOver(): Promise<void>;
  retry(): Promise<void>;
  /** Called once the join flow is through, so that its last screens can be shown first. */
  enter(identity: Identity): void;
  leave(): Promise<void>;
}

let leadership: Leadership | undefined;

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
  },
  async leave() {
    const { session } = get();
    if (session.status !== "joined") return;
    await session.client.leave();
    writeLocal("joined", null);
    set({ session: { status: "newcomer", client: session.client } });
  },
}));

/** Starts once per page. */
export async function startSession(): Promise<void> {
  if (sharesItsOrigin(location)) return useSession.setState({ session: { status: "unsafe" } });
  await lead({ steal: false });
}

export function clientOf(session: Session): Client | undefined {
  return session.status === "joined" || session.status === "newcomer" ? session.client : undefined;
}

async function lead(options: { steal: boolean }): Promise<void> {
  leadership = await leadTab({ ...options, onLost: stepBack });
  if (!leadership) return useSession.setState({ session: { status: "elsewhere" } });
  await open();
}

async function open(): Promise<void> {
  const lead = leadership;
  try {
    const client = await connectClient();
    // Another tab took the lead while this one was opening.
    if (leadership !== lead) return await client.close();
    const { identity } = client;
    writeLocal("joined", identity ? "1" : null);
    useSession.setState({
      session: identity ? { status: "joined", client, identity } : { status: "newcomer", client },
    });
    client.on("identity", (changed) => {
      const { session } = useSession.getState();
      if (changed && session.status === "joined") useSession.setState({ session: { ...session, identity: changed } });
    });
  } catch (error) {
    if (leadership === lead) useSession.setState({ session: { status: "broken", code: codeOf(error) } });
  }
}

/** Another tab took the lead: close everything before it starts to write. */
async function stepBack(): Promise<void> {
  const client = clientOf(useSession.getState().session);
  leadership = undefined;
  useSession.setState({ session: { status: "elsewhere" } });
  await client?.close();
}
