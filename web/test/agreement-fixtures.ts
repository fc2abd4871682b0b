import { parseDraft, writeText } from "@skrumble/sdk/agreements";
import { hire, inDays } from "../../sdk/test/support/agreements.ts";
import type { AgreementView, Asset, GroupSummary, WalletSigner } from "../lib/types.ts";

export const base = parseDraft(hire());
export const [client, worker] = base.parties as [(typeof base.parties)[0], (typeof base.parties)[0]];
export const wallet: WalletSigner = {
  address: client.wallet,
  signTypedData: () => Promise.reject(new Error("not asked")),
};

export const identity = {
  pseudonym: "alice",
  publicId: client.publicId,
  wallet: client.wallet,
  keyVersion: 1,
  deviceKey: "0x0b",
} as const;
const member = { role: "member", devices: 1 } as const;
export const group: GroupSummary = {
  ...{ id: "c", kind: "group", unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } },
  group: {
    ...{ name: "Case", description: "", role: "member", write: "all", join: "closed", settling: false },
    ...{ pinned: [], invited: [], requests: [] },
    people: [
      { publicId: client.publicId, pseudonym: "alice", ...member },
      { publicId: worker.publicId, pseudonym: "bob", ...member },
    ],
  },
};
export const asset: Asset = {
  ...{ chainId: base.chainId, token: base.money?.asset.token ?? "0x", symbol: "SKM", name: "Skrumble", decimals: 18 },
  ...{ listed: true, moves: "signature" },
};
export const one = 10n ** 18n;
export const seen = (more: Partial<AgreementView> = {}): AgreementView => {
  const version = { id: "m", number: 1, from: worker.publicId, at: 1, draft: base, changes: [] };
  return {
    ...{ id: "m", state: "proposed", versions: [version], version, text: writeText(base), role: "client" },
    signatures: base.parties.map((party) => ({ party, state: "missing" })),
    texts: Object.fromEntries((more.versions ?? [version]).map(({ id }) => [id, id])),
    ...{ bound: [], events: [], told: {}, pending: [], untold: [], consents: [], lookAlikes: [] },
    ...more,
  };
};
export const milestone = (
  state: "unfunded" | "funded" | "submitted" | "rejected" | "disputed" | "settled",
  remaining = one,
) => ({
  ...{ state, remaining: state === "unfunded" || state === "settled" ? 0n : remaining, due: inDays(10), step: 1n },
});
export const held = (...states: Parameters<typeof milestone>[0][]): Partial<AgreementView> => ({
  state: "in-force",
  signatures: base.parties.map((party) => ({ party, state: "signed", at: 1 })),
  concluded: { id: `0x${"1".repeat(64)}`, at: 1, escrow: "0x05" },
  escrow: { address: "0x05", step: 9n, finished: false, milestones: states.map((state) => milestone(state)) },
});
