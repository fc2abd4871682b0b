import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import { saveFile } from "../../lib/save-file.ts";
import type { Client, ErrorCode, HistoryBrought, LinkProgress } from "../../lib/types.ts";

type Kind = "save" | "restore";
/** One thing at a time; it goes on while one looks at other pages. */
type Work =
  | { state: "idle" }
  | { state: "busy"; kind: Kind; progress: LinkProgress }
  | { state: "saved"; bytes: number }
  | { state: "restored"; brought: HistoryBrought }
  | { state: "failed"; kind: Kind; error: ErrorCode }
  | { state: "too-large" };

interface HistoryState {
  work: Work;
  save(client: Client, fileName: string): Promise<void>;
  restore(client: Client, file: Blob): Promise<void>;
  cancel(): void;
}

/** A page holds the file in memory while it is read. */
const maxBytes = 1024 ** 3;

let stop = new AbortController();

export const useHistory = create<HistoryState>((set, get) => {
  const run = async (kind: Kind, work: (options: Parameters<Client["history"]["save"]>[0]) => Promise<Work>) => {
    if (get().work.state === "busy") return;
    stop = new AbortController();
    const onProgress = (progress: LinkProgress) => set({ work: { state: "busy", kind, progress } });
    onProgress({ done: 0, total: 0 });
    try {
      set({ work: await work({ onProgress, signal: stop.signal }) });
    } catch (failed) {
      const error = codeOf(failed);
      set({ work: error === "ABORTED" ? { state: "idle" } : { state: "failed", kind, error } });
    }
  };
  return {
    work: { state: "idle" },
    save: (client, fileName) =>
      run("save", async (options) => {
        const parts = await client.history.save(options);
        saveFile(fileName, parts);
        return { state: "saved", bytes: parts.reduce((sum, { length }) => sum + length, 0) };
      }),
    restore: (client, file) =>
      run("restore", async (options) => {
        if (file.size > maxBytes) return { state: "too-large" };
        const bytes = new Uint8Array(await file.arrayBuffer());
        return { state: "restored", brought: await client.history.restore(bytes, options) };
      }),
    cancel: () => stop.abort(),
  };
});
