import { create } from "zustand";
import { codeOf, PageError } from "../../lib/errors.ts";
import type { Client, ErrorCode, JoinResult, JoinStep, NameAvailability, WalletSigner } from "../../lib/types.ts";

export type JoinScreen = "wallet" | "words" | "restore" | "remove" | "name" | "code" | "progress" | "backup" | "bring";
export type NameState = { kind: "untouched" } | { kind: "checking" } | { kind: "unreachable" } | NameAvailability;

/** How long typing has to rest before a pseudonym is looked up. */
const restMs = 350;
/** How long until an unreachable network is asked again. */
const againMs = 4_000;

interface JoinState {
  screen: JoinScreen;
  wallet: WalletSigner | undefined;
  /** "here" is the newcomer's wallet of this page: it signs without asking. */
  walletKind: "here" | "browser";
  name: string;
  nameState: NameState;
  code: string;
  backup: { name: string; bytes: Uint8Array } | undefined;
  /** The person's other devices are lost: they are removed. */
  onlyDevice: boolean;
  step: JoinStep | undefined;
  error: ErrorCode | undefined;
  result: JoinResult | undefined;
  go(screen: JoinScreen): void;
  chooseWallet(wallet: WalletSigner, kind: "here" | "browser"): void;
  typeName(client: Client, name: string): void;
  typeCode(code: string): void;
  setOnlyDevice(onlyDevice: boolean): void;
  chooseBackup(file: File): Promise<void>;
  join(client: Client): Promise<JoinResult | undefined>;
  reset(): void;
}

const initial = {
  screen: "wallet" as JoinScreen,
  wallet: undefined,
  walletKind: "here" as const,
  name: "",
  nameState: { kind: "untouched" } as NameState,
  code: "",
  backup: undefined,
  onlyDevice: false,
  step: undefined,
  error: undefined,
  result: undefined,
};

let timer: ReturnType<typeof setTimeout> | undefined;

export const useJoin = create<JoinState>((set, get) => {
  const look = async (client: Client, name: string): Promise<void> => {
    const current = () => get().name === name;
    try {
      const nameState = await client.checkName(name, get().wallet?.address);
      if (current()) set({ nameState });
    } catch {
      if (!current()) return;
      set({ nameState: { kind: "unreachable" } });
      timer = setTimeout(() => look(client, name), againMs);
    }
  };

  return {
    ...initial,
    go: (screen) => set({ screen, error: undefined }),
    chooseWallet: (wallet, walletKind) =>
      set({ wallet, walletKind, nameState: { kind: "untouched" }, error: undefined }),
    typeName(client, name) {
      clearTimeout(timer);
      set({ name, nameState: name.trim() ? { kind: "checking" } : { kind: "untouched" }, error: undefined });
      if (name.trim()) timer = setTimeout(() => look(client, name), restMs);
    },
    typeCode: (code) => set({ code, error: undefined }),
    setOnlyDevice: (onlyDevice) => set({ onlyDevice, error: undefined }),
    async chooseBackup(file) {
      if (file.size > 4_096) return set({ error: "BACKUP_INVALID" });
      set({ backup: { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, error: undefined });
    },
    async join(client) {
      const { wallet, name, code, backup, nameState, onlyDevice } = get();
      set({ screen: "progress", step: undefined, error: undefined });
      try {
        if (!wallet) throw new PageError("WALLET_FAILED");
        const result = await client.join({
          wallet,
          pseudonym: name,
          securityCode: code,
          ...(backup && { backup: backup.bytes }),
          ...(onlyDevice && nameState.kind === "yours" && { onlyDevice }),
          onProgress: (step) => set({ step }),
        });
        // The code has done its work; it does not stay in memory longer than needed.
        set({ result, code: "", screen: result.kind === "registered-with-backup" ? "backup" : "progress" });
        return result;
      } catch (error) {
        set({ error: codeOf(error) });
        return undefined;
      }
    },
    reset() {
      clearTimeout(timer);
      set(initial);
    },
  };
});

/** Which screen has the field that an error is about. */
export function screenFor(code: ErrorCode): JoinScreen {
  if (code.startsWith("NAME_")) return "name";
  if (code === "WALLET_HAS_IDENTITY") return "name";
  if (code === "WALLET_CHANGED_ACCOUNT") return "wallet";
  return "code";
}

/** The steps in order, as far as this person meets them. */
export function stepsFor(returning: boolean, repeated: boolean, onlyDevice: boolean): Exclude<JoinStep, "done">[] {
  const first: Exclude<JoinStep, "done">[] = repeated
    ? ["check-name", "sign-identity", "sign-identity-again", "derive"]
    : ["check-name", "sign-identity", "derive"];
  const last: Exclude<JoinStep, "done">[] = returning
    ? [onlyDevice ? "sign-devices" : "register", "open-mailbox"]
    : ["commit-name", "sign-registration", "register", "open-mailbox"];
  return [...first, ...last];
}
