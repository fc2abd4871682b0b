// @vitest-environment happy-dom

import { parseDraft, templateOf, writeText } from "@skrumble/sdk/agreements";
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { hire, inDays } from "../../sdk/test/support/agreements.ts";
import { draftOf, emptyForm, formOf } from "../features/agreements/form.ts";
import { actsFor, unpaid } from "../features/agreements/possible-acts.ts";
import WriteSheet from "../features/agreements/write-sheet.tsx";
import { MessageRow } from "../features/conversation/message-row.tsx";
import { type ConversationModel, openConversation } from "../features/conversation/model.ts";
import { useSession } from "../features/session/model.ts";
import { loadAmounts } from "../lib/amounts.ts";
import type {
  AgreementBody,
  AgreementStep,
  AgreementView,
  Asset,
  ConversationAgreements,
  GroupSummary,
  Kept,
  Money,
  WalletSigner,
} from "../lib/types.ts";
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

const base = parseDraft(hire());
const [client, worker] = base.parties as [(typeof base.parties)[0], (typeof base.parties)[0]];
const wallet: WalletSigner = { address: client.wallet, signTypedData: () => Promise.reject(new Error("not asked")) };
vi.mock("../features/wallet/use-own-wallet.ts", () => ({ useOwnWallet: () => wallet }));
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

const identity = {
  pseudonym: "alice",
  publicId: client.publicId,
  wallet: client.wallet,
  keyVersion: 1,
  deviceKey: "0x0b",
} as const;
const member = { role: "member", devices: 1 } as const;
const group: GroupSummary = {
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
const asset: Asset = {
  ...{ chainId: base.chainId, token: base.money?.asset.token ?? "0x", symbol: "SKM", name: "Skrumble", decimals: 18 },
  ...{ listed: true, moves: "signature" },
};
const one = 10n ** 18n;
const seen = (more: Partial<AgreementView> = {}): AgreementView => {
  const version = { id: "m", number: 1, from: worker.publicId, at: 1, draft: base, changes: [] };
  return {
    ...{ id: "m", state: "proposed", versions: [version], version, text: writeText(base), role: "client" },
    signatures: base.parties.map((party) => ({ party, state: "missing" })),
    ...{ bound: [], events: [] },
    ...more,
  };
};
const milestone = (
  state: "unfunded" | "funded" | "submitted" | "rejected" | "disputed" | "settled",
  remaining = one,
) => ({
  ...{ state, remaining: state === "unfunded" || state === "settled" ? 0n : remaining, due: inDays(10), step: 1n },
});
const held = (...states: Parameters<typeof milestone>[0][]): Partial<AgreementView> => ({
  state: "in-force",
  signatures: base.parties.map((party) => ({ party, state: "signed", at: 1 })),
  concluded: { id: `0x${"1".repeat(64)}`, at: 1, escrow: "0x05" },
  escrow: { address: "0x05", step: 9n, finished: false, milestones: states.map((state) => milestone(state)) },
});

let model: ConversationModel;
let tell: (view: AgreementView) => void = () => {};
const kept = new Map<string, Uint8Array>();
function open(agreements: Partial<ConversationAgreements> = {}) {
  const watch: ConversationAgreements["watch"] = (_, listener) => {
    tell = (view) => act(() => listener(view));
    return () => {};
  };
  const party: ConversationAgreements["party"] = async (person) =>
    base.parties.find(({ publicId }) => publicId === person) ?? client;
  const fake = fakeClient({
    conversation: {
      ...{ messages: async () => [], markRead: async () => {} },
      agreements: { watch, party, ...agreements } as ConversationAgreements,
    },
    client: {
      kept: {
        get: async (name) => kept.get(name),
        put: async (name, value) => void kept.set(name, value),
        remove: async (name) => void kept.delete(name),
      } as Kept,
      money: { holdings: async () => [{ asset, balance: 100n * one }] } as Partial<Money> as Money,
    },
  });
  useSession.setState({ session: { status: "joined", client: fake, identity } });
  model = openConversation(fake, "c", 0);
}
async function card(
  step: AgreementStep,
  agreements: Partial<ConversationAgreements> = {},
  language: "en" | "zh-CN" = "en",
) {
  open(agreements);
  await act(settle);
  const body: AgreementBody = { type: "agreement", agreement: "m", step };
  const message = { ...textMessage("m", 1), from: worker.publicId, outgoing: false, body };
  show(
    <MessageRow row={{ kind: "message", key: "m", message, first: true, last: true }} model={model} summary={group} />,
    language,
  );
  await act(settle);
  await vi.waitFor(() => screen.getByRole("article"));
}
const proposed: AgreementStep = { did: "proposed", draft: base };

beforeAll(loadAmounts);
beforeEach(() => kept.clear());
afterEach(cleanup);

describe("the card of a proposal", () => {
  test("says what it is about, how much it is, and that it is one's turn", async () => {
    await card(proposed);
    await tell(seen());
    const article = screen.getByRole("article", { name: "Agreement from bob: Freelance hire" });
    expect(within(article).getByText("6 SKM")).toBeTruthy();
    expect(within(article).getByRole("status").textContent).toMatch(/^Read it and sign/);
    expect(within(article).getByRole("button", { name: "Read and sign" })).toBeTruthy();
  });

  test("in Chinese too; then whose turn it is, that it holds, and that another one is newer", async () => {
    await card(proposed, {}, "zh-CN");
    const status = () => screen.getByRole("article").querySelector("[role=status]")?.textContent;
    await tell(
      seen({
        signatures: [
          { party: client, state: "signed", at: 1 },
          { party: worker, state: "missing" },
        ],
        state: "signing",
      }),
    );
    expect(status()).toBe("等待bob签署。");
    await tell(seen(held("settled", "funded", "unfunded")));
    expect(status()).toBe("协议已生效，已结清 1/3 项。");
    const newer = { ...seen().version, id: "n", number: 2 };
    await tell(seen({ version: newer, versions: [seen().version, newer] }));
    expect(status()).toBe("已有新的版本。");
  });
});

describe("a step told in a line", () => {
  const step: AgreementStep = {
    did: "acted",
    act: { do: "submit", index: 0, text: "Here it is." },
    transaction: `0x${"2".repeat(64)}`,
  };
  const event = { message: "m", from: worker.publicId, at: 1, act: step.act, transaction: step.transaction };

  test("is words until the chain confirms it, and said to be wrong where it does not", async () => {
    await card(step);
    await tell(seen({ ...held("funded"), events: [{ ...event, state: "open" }] }));
    expect(screen.getByText("Being checked")).toBeTruthy();
    await tell(seen({ ...held("submitted"), events: [{ ...event, state: "true" }] }));
    expect(screen.getByRole("article").textContent).toContain("bob handed in: Sketch");
    expect(screen.queryByText("Being checked")).toBeNull();
    await tell(seen({ ...held("funded"), events: [{ ...event, state: "false" }] }));
    expect(screen.getByText("The chain does not confirm this.")).toBeTruthy();
  });

  test("of a signature that is none is said to be wrong", async () => {
    await card({ did: "signed", version: "m" });
    await tell(seen());
    expect(screen.getByText("The chain does not confirm this.")).toBeTruthy();
  });
});

describe("what one can do", () => {
  const at = inDays(1);
  const acts = (role: string, state: Parameters<typeof milestone>[0], arbiter = false) => {
    const version = {
      ...seen().version,
      ...(arbiter ? { draft: { ...base, arbiter: { ...worker, role: "arbiter" } } } : {}),
    };
    return actsFor(seen({ ...held(state), role, version }), 0, at);
  };

  test("follows from one's role and the milestone's state", () => {
    expect(acts("client", "unfunded")).toEqual(["fund", "extend"]);
    expect(acts("freelancer", "funded")).toEqual(["submit", "extend", "refund"]);
    expect(acts("client", "submitted", true)).toEqual(["accept", "reject", "dispute"]);
    expect(acts("freelancer", "rejected", true)).toEqual(["submit", "dispute", "extend", "refund"]);
    expect(acts("arbiter", "disputed", true)).toEqual(["rule"]);
    expect(acts("arbiter", "funded", true)).toEqual([]);
    expect(acts("client", "settled")).toEqual([]);
  });

  test("changes when a time has run out", () => {
    const view = seen(held("submitted"));
    const late = { ...milestone("submitted"), timeout: { at: at - 1, outcome: "release" as const } };
    const over = { ...view, escrow: { ...(view.escrow as NonNullable<typeof view.escrow>), milestones: [late] } };
    expect(actsFor(over, 0, at)).toEqual(["accept", "settle"]);
  });

  test("all that is not paid in, in a row", () => {
    expect(unpaid(seen(held("settled", "unfunded", "unfunded")))).toEqual({ first: 1, count: 2 });
    expect(unpaid(seen(held("funded")))).toEqual({ first: 0, count: 0 });
  });
});

describe("the form", () => {
  const filling = { me: client, others: [worker], arbiter: undefined, asset };

  test("of a draft gives the same draft again, apart from the hour of its dates", () => {
    const again = draftOf(formOf(base, client.publicId), filling);
    if ("problem" in again) throw new Error(again.problem);
    const { money } = again.draft;
    expect(again.draft.values).toEqual(base.values);
    expect(money?.milestones.map(({ amount }) => amount)).toEqual(base.money?.milestones.map(({ amount }) => amount));
    expect(money?.rules).toEqual(base.money?.rules);
    expect(again.draft.parties).toEqual(base.parties);
  });

  test("names the first field that is not right yet", () => {
    const form = emptyForm(templateOf(base), "en", [worker.publicId]);
    const problem = (change: object) => draftOf({ ...form, ...change }, filling);
    expect(problem({})).toEqual({ problem: "values.job" });
    const filled = { values: base.values };
    expect(problem(filled)).toEqual({ problem: "money.milestones.0.title" });
    const milestones = [{ title: "Sketch", amount: "1.5", due: form.milestones[0]?.due ?? "" }];
    expect(problem({ ...filled, milestones })).toEqual({ problem: "money.rules.onNoSubmission" });
    expect(problem({ ...filled, milestones: [{ ...milestones[0], amount: "-1" }] })).toEqual({
      problem: "money.milestones.0.amount",
    });
    expect(problem({ ...filled, milestones, signBy: "2001-01-01" })).toEqual({ problem: "signBy" });
    const outcomes = { onNoSubmission: "refund", onNoReview: "release", onRejection: "split" };
    expect(problem({ ...filled, milestones, outcomes, share: "101" })).toEqual({
      problem: "money.rules.fallbackShare",
    });
    expect(problem({ ...filled, milestones, outcomes, signBy: milestones[0]?.due })).toEqual({
      problem: "money.milestones.0.due",
    });
    const good = problem({ ...filled, milestones, outcomes, share: "12.5" });
    expect(good).toMatchObject({
      draft: { money: { rules: { fallbackShare: 1250 }, milestones: [{ amount: 15n * 10n ** 17n }] } },
    });
  });

  test("is there again when the page was closed", async () => {
    open();
    const sheet = () => show(<WriteSheet model={model} summary={group} onClose={() => {}} />);
    sheet();
    await act(settle);
    fireEvent.click(await screen.findByRole("button", { name: /Plain agreement/ }));
    fireEvent.change(await screen.findByLabelText("Subject"), { target: { value: "The garden" } });
    await act(settle);
    cleanup();
    sheet();
    await act(settle);
    expect((await screen.findByLabelText<HTMLInputElement>("Subject")).value).toBe("The garden");
  });

  test("proposes what was read through", async () => {
    const propose = vi.fn(async () => textMessage("p", 2));
    open({ propose });
    const onClose = vi.fn();
    show(<WriteSheet model={model} summary={group} onClose={onClose} />);
    await act(settle);
    fireEvent.click(await screen.findByRole("button", { name: /Plain agreement/ }));
    fireEvent.change(await screen.findByLabelText("Subject"), { target: { value: "The garden" } });
    fireEvent.change(screen.getByLabelText("What is agreed"), { target: { value: "We water it in turns." } });
    fireEvent.click(screen.getByRole("button", { name: "Read it" }));
    expect(await screen.findByText("We water it in turns.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Propose" }));
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(propose).toHaveBeenCalledWith(
      expect.objectContaining({ template: "plain", values: { subject: "The garden", text: "We water it in turns." } }),
    );
    expect(kept.size).toBe(0);
  });
});
