import { parseDraft, writeText } from "@skrumble/sdk/agreements";
import { act, screen } from "@testing-library/react";
import { vi } from "vitest";
import { hire, inDays } from "../../sdk/test/support/agreements.ts";
import { OpenAgreement } from "../features/agreements/open-agreement.tsx";
import { MessageRow } from "../features/conversation/message-row.tsx";
import { openConversation } from "../features/conversation/model.ts";
import { useSession } from "../features/session/model.ts";
import type {
  AgreementBody,
  AgreementStep,
  AgreementView,
  Asset,
  Conversation,
  ConversationAgreements,
  ConversationSummary,
  GroupSummary,
  Kept,
  Money,
  WalletSigner,
} from "../lib/types.ts";
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

export const base = parseDraft(hire());
export const [client, worker] = base.parties as [(typeof base.parties)[0], (typeof base.parties)[0]];
export const wallet: WalletSigner = {
  address: client.wallet,
  signTypedData: () => Promise.reject(new Error("not asked")),
};

const identity = {
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

let listening: (view: AgreementView) => void = () => {};
/** What a look at the agreement shows from now on. */
export const tell = (view: AgreementView) => act(() => listening(view));
let failing: ((problem: { code: string }) => void) | undefined;
export const fail = (code: string) => act(() => failing?.({ code }));
export const kept = new Map<string, Uint8Array>();
export function open(agreements: Partial<ConversationAgreements> = {}, money: Partial<Money> = {}) {
  const watch: ConversationAgreements["watch"] = (_, listener, failed) => {
    listening = listener;
    failing = failed;
    return () => {};
  };
  const party: ConversationAgreements["party"] = async (person) =>
    base.parties.find(({ publicId }) => publicId === person) ?? client;
  const fake = fakeClient({
    conversation: {
      ...{ messages: async () => [], markRead: async () => {} },
      agreements: { watch, party, lookAlikes: async () => [], ...agreements } as ConversationAgreements,
    },
    client: {
      kept: {
        get: async (name) => kept.get(name),
        put: async (name, value) => void kept.set(name, value),
        remove: async (name) => void kept.delete(name),
      } as Kept,
      money: {
        chains: async () => [{ chainId: base.chainId, name: "Home", home: true }],
        holdings: async () => [{ asset, balance: 100n * one }],
        ...money,
      } as Partial<Money> as Money,
    },
  });
  useSession.setState({ session: { status: "joined", client: fake, identity } });
  return { model: openConversation(fake, "c", 0), conversation: fake.conversations.open("c") as Conversation };
}
export async function card(
  step: AgreementStep,
  agreements: Partial<ConversationAgreements> = {},
  language: "en" | "zh-CN" = "en",
  summary: ConversationSummary = group,
) {
  const { model } = open(agreements);
  await act(settle);
  const body: AgreementBody = { type: "agreement", agreement: "m", step };
  const message = { ...textMessage("m", 1), from: worker.publicId, outgoing: false, body };
  show(
    <>
      <MessageRow
        row={{ kind: "message", key: "m", message, first: true, last: true }}
        model={model}
        summary={summary}
      />
      <OpenAgreement model={model} summary={summary} />
    </>,
    language,
  );
  await act(settle);
  await vi.waitFor(() => screen.getByRole("article"));
}
