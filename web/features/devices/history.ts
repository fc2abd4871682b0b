import { create } from "zustand";
import { codeOf } from "../../lib/errors.ts";
import { saveFile } from "../../lib/save-file.ts";
import type { BackupAllowance, BackupInfo, Client, ErrorCode, HistoryBrought, LinkProgress } from "../../lib/types.ts";

type Kind = "save" | "restore" | "back-up" | "bring";
/** One thing at a time; it goes on while one looks at other pages. */
export type HistoryWork =
  | { state: "idle" }
  | { state: "busy"; kind: Kind; progress: LinkProgress }
  | { state: "saved"; bytes: number }
  | { state: "restored"; brought: HistoryBrought }
  | { state: "backed-up" }
  /** `made`: when the backup was. */
  | { state: "brought"; made: number }
  | { state: "failed"; kind: Kind; error: ErrorCode }
  | { state: "too-large" };

interface HistoryState {
  work: HistoryWork;
  /** The one at the relays, as far as this device knows; "unread" until it has looked. */
  backup: BackupInfo | undefined | "unread";
  /** What the tier gives it; undefined until the chain has said so. */
  allowance: BackupAllowance | undefined;
  save(client: Client, fileName: string): Promise<void>;
  restore(client: Client, file: Blob): Promise<void>;
  look(client: Client): Promise<void>;
  backUp(client: Client): Promise<void>;
  /** From the relays. `older`: also one that is not the newest there was. */
  bring(client: Client, options?: { older?: boolean }): Promise<void>;
  /** Deletes the backup, and makes no new ones. */
  drop(client: Client): Promise<void>;
  cancel(): void;
  /** How it ended was seen. */
  forget(): void;
}

/** A page holds the file in memory while it is read. */
const maxBytes = 1024 ** 3;

let stop = new AbortController();

export const useHistory = create<HistoryState>((set, get) => {
  const run = async (
    kind: Kind,
    work: (options: NonNullable<Parameters<Client["history"]["save"]>[0]>) => Promise<HistoryWork>,
  ) => {
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
  const look = async (client: Client) => {
    set({ backup: await client.history.lastBackup() });
    // Where the chain is silent nothing is said of it; the backup works all the same.
    const allowance = await client.history.backupAllowance().catch(() => undefined);
    if (allowance) set({ allowance });
  };
  return {
    work: { state: "idle" },
    backup: "unread",
    allowance: undefined,
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
    look,
    backUp: (client) =>
      run("back-up", async (options) => {
        set({ backup: await client.history.backUp(options) });
        return { state: "backed-up" };
      }),
    bring: (client, { older = false } = {}) =>
      run("bring", async (options) => {
        const { made } = await client.history.restoreBackup({ ...options, older });
        await look(client);
        return { state: "brought", made };
      }),
    async drop(client) {
      try {
        await client.history.dropBackup();
      } finally {
        // What a relay could not be told to delete is over by itself; from here nothing is renewed.
        await look(client);
      }
      set({ work: { state: "idle" } });
    },
    cancel: () => stop.abort(),
    forget: () => set({ work: { state: "idle" } }),
  };
});
