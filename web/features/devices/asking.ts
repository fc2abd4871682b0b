import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import type { Client, ErrorCode, LinkProgress, LinkRequest } from "../../lib/types.ts";
import { useSession } from "../session/model.ts";
import { guessName } from "./guess-name.ts";

/** This device asks another one for identity and history. It goes on while one looks at other pages. */
type Asking =
  | { state: "idle" | "preparing" }
  | { state: "showing"; request: LinkRequest }
  | { state: "coming"; progress: LinkProgress }
  | { state: "done" }
  | { state: "failed"; error: ErrorCode };

interface AskingState {
  asking: Asking;
  /** Shows a code; one that is shown already stays. */
  begin(client: Client): Promise<void>;
  /** Nobody can answer any more. */
  stop(): Promise<void>;
}

/** One's own stopping needs no words. */
let current: { request?: LinkRequest; stopped?: true } = {};

export const useAsking = create<AskingState>((set, get) => ({
  asking: { state: "idle" },
  async begin(client) {
    const { state } = get().asking;
    if (state === "preparing" || state === "showing" || state === "coming") return;
    set({ asking: { state: "preparing" } });
    const mine: typeof current = {};
    current = mine;
    const coming = (progress: LinkProgress) => set({ asking: { state: "coming", progress } });
    // The identity comes first; the rest while one looks around.
    const stopWaiting = client.on("identity", (identity) => {
      if (!identity) return;
      coming({ done: 0, total: 0 });
      useSession.getState().enter(identity);
    });
    try {
      const request = await client.devices.link({ name: guessName(navigator.userAgent), onProgress: coming });
      mine.request = request;
      if (mine.stopped) return await request.cancel();
      const [under] = client.devices.transfers().filter(({ direction }) => direction === "in");
      if (under) coming(under.progress());
      else if (get().asking.state === "preparing") set({ asking: { state: "showing", request } });
      await request.done;
      set({ asking: { state: "done" } });
    } catch (failed) {
      if (!mine.stopped) set({ asking: { state: "failed", error: codeOf(failed) } });
    } finally {
      stopWaiting();
    }
  },
  async stop() {
    current.stopped = true;
    await current.request?.cancel();
    set({ asking: { state: "idle" } });
  },
}));
