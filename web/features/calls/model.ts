import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import { usePreferences } from "../../lib/preferences.ts";
import type { Call, CallSnapshot, Client, ErrorCode, PublicId } from "../../lib/types.ts";
import { startRinging } from "./ringtone.ts";

interface CallsState {
  call: Call | undefined;
  snapshot: CallSnapshot | undefined;
  /** Shrunk to a tile while the chat goes on. */
  shrunk: boolean;
  /** A call that did not even begin; shown until the next attempt. */
  startError: ErrorCode | undefined;
  start(contact: PublicId, video: boolean): Promise<void>;
  setShrunk(shrunk: boolean): void;
  /** Takes the ended call off the screen. */
  dismiss(): void;
}

let client: Client | undefined;
let stopRinging = () => {};
let stopWatching = () => {};
let timer: ReturnType<typeof setTimeout> | undefined;

/** How long the last word of a call stays. What went wrong stays until it is read. */
const farewellMs = { short: 900, long: 4_000 };

export const useCalls = create<CallsState>((set, get) => ({
  call: undefined,
  snapshot: undefined,
  shrunk: false,
  startError: undefined,
  async start(contact, video) {
    if (!client || isCalling(get())) return;
    get().dismiss();
    set({ startError: undefined });
    try {
      const { relayedOnly } = usePreferences.getState();
      adopt(await client.calls.start(contact, { video, relayedOnly }));
    } catch (error) {
      set({ startError: codeOf(error) });
    }
  },
  setShrunk: (shrunk) => set({ shrunk }),
  dismiss() {
    clearTimeout(timer);
    stopWatching();
    set({ call: undefined, snapshot: undefined, shrunk: false });
  },
}));

/** Not any more when it has ended, though its last word may stay on the screen. */
export const isCalling = ({ snapshot }: Pick<CallsState, "snapshot">): boolean =>
  snapshot !== undefined && snapshot.state !== "ended";

export function attachCalls(to: Client): () => void {
  client = to;
  const stop = to.on("call", adopt);
  const current = to.calls.current();
  if (current) adopt(current);
  return () => {
    stop();
    stopRinging();
    useCalls.getState().dismiss();
    client = undefined;
  };
}

function adopt(call: Call): void {
  if (useCalls.getState().call === call) return;
  clearTimeout(timer);
  stopWatching();
  const { microphone, camera } = usePreferences.getState();
  if (microphone || camera) void call.setDevices({ microphone, camera }).catch(() => undefined);
  useCalls.setState({ call, snapshot: call.snapshot(), shrunk: false, startError: undefined });
  follow(call.snapshot());
  stopWatching = call.on("change", (snapshot) => {
    useCalls.setState({ snapshot });
    follow(snapshot);
  });
}

/** What happens around the screens: ringing, and taking leave. */
function follow(snapshot: CallSnapshot): void {
  stopRinging();
  stopRinging = startRinging(snapshot.state);
  clearTimeout(timer);
  if (snapshot.state !== "ended") return;
  const reason = snapshot.end?.reason;
  if (reason === "failed") return;
  const quick = reason === "hung-up" || reason === "cancelled" || snapshot.direction === "in";
  timer = setTimeout(() => useCalls.getState().dismiss(), quick ? farewellMs.short : farewellMs.long);
}
