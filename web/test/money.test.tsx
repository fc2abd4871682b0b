// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { toast } from "sonner";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { MessageRow } from "../features/conversation/message-row.tsx";
import { type ConversationModel, openConversation } from "../features/conversation/model.ts";
import AskSheet from "../features/money/ask-sheet.tsx";
import { putAsset, useAssets } from "../features/money/assets.ts";
import HistorySheet from "../features/money/history-sheet.tsx";
import SendSheet, { type SendSheetProps } from "../features/money/send-sheet.tsx";
import { useSession } from "../features/session/model.ts";
import { loadAmounts } from "../lib/amounts.ts";
import { PageError } from "../lib/errors.ts";
import type {
  Asset,
  ConversationMoney,
  ConversationSummary,
  GroupSummary,
  Message,
  Money,
  PairSummary,
  PaymentReview,
  RequestBody,
  UntoldPayment,
  WalletSigner,
} from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import enLate from "../messages/late/en.json" with { type: "json" };
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

const wallet: WalletSigner = { address: "0x0a", signTypedData: () => Promise.reject(new Error("not asked")) };
vi.mock("../features/wallet/use-own-wallet.ts", () => ({ useOwnWallet: () => wallet }));
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));
vi.mock("sonner", () => ({ toast: Object.assign(vi.fn(), { error: vi.fn() }) }));
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => {} }) }));

const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;
const common = { unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } } as const;
const pair: PairSummary = {
  ...{ id: "c", kind: "pair", ...common },
  contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
};
const member = { role: "member", devices: 1 } as const;
const group: GroupSummary = {
  ...{ id: "c", kind: "group", ...common },
  group: {
    ...{ name: "Tea", description: "", role: "member", write: "all", join: "closed", settling: false },
    ...{ pinned: [], invited: [], requests: [] },
    people: [
      { publicId: "0x01", pseudonym: "lin", ...member },
      { publicId: "0x02", pseudonym: "wei", ...member },
      { publicId: "0x03", pseudonym: "ada", ...member },
    ],
  },
};
const token = `0x${"5".repeat(40)}` as const;
const skm: Asset = {
  ...{ chainId: 1, token, symbol: "SKM", name: "Skrumble", decimals: 18, listed: true, moves: "signature" },
};
const one = 10n ** 18n;
const review: PaymentReview = {
  to: "0x02",
  amount: 5n * one,
  asset: skm,
  recipient: `0x${"a".repeat(40)}`,
  balance: 100n * one,
  first: false,
  changed: false,
};

let model: ConversationModel;
function open(conversation: Partial<ConversationMoney>, money: Partial<Money> = {}) {
  const client = fakeClient({
    conversation: { messages: async () => [], markRead: async () => {}, money: conversation as ConversationMoney },
    client: {
      money: {
        chains: async () => [{ chainId: 1, name: "Home", home: true }],
        holdings: async () => [{ asset: skm, balance: 100n * one }],
        asset: async () => skm,
        untold: async () => [],
        ...money,
      } as Money,
    },
  });
  useSession.setState({ session: { status: "joined", client, identity } });
  model = openConversation(client, "c", 0);
}

const button = (name: string | RegExp) => screen.getByRole("button", { name });
const press = (name: string | RegExp) => act(async () => void fireEvent.click(button(name)));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

// As in the page, where the client loads it.
beforeAll(loadAmounts);
beforeEach(() => {
  Element.prototype.hasPointerCapture = () => false;
  Element.prototype.scrollIntoView = () => {};
});
afterEach(() => {
  cleanup();
  useAssets.setState({}, true);
});

describe("sending money", () => {
  const start = async (summary: ConversationSummary = pair, more: Partial<SendSheetProps> = {}) => {
    const onClose = vi.fn();
    show(<SendSheet model={model} summary={summary} onClose={onClose} {...more} />);
    await act(settle);
    return onClose;
  };

  test("goes from the amount over the review to one confirmation", async () => {
    const pay = vi.fn(async () => textMessage("m", 1, { outgoing: true }));
    open({ review: async () => ({ ...review, first: true }), pay });
    const onClose = await start();
    type("Amount", "12.5");
    type(en.money.note, " tea ");
    await press(en.money.review);
    expect(screen.getByText("You have not paid wei before.")).toBeTruthy();
    expect(screen.getByText("87.5 SKM")).toBeTruthy();
    await press("Send 12.5 SKM");
    const input = { to: "0x02", asset: { chainId: 1, token }, amount: 12_500_000_000_000_000_000n, note: "tea" };
    expect(pay).toHaveBeenCalledExactlyOnceWith({ ...input, reviewed: { ...review, first: true } }, wallet);
    expect(onClose).toHaveBeenCalledOnce();
    expect(model.store.getState().sent).toBe("m");
  });

  test("a refusal keeps everything that was typed", async () => {
    open({ review: async () => review, pay: () => Promise.reject(new PageError("WALLET_REFUSED")) });
    const onClose = await start();
    type("Amount", "2");
    type(en.money.note, "tea");
    await press(en.money.review);
    await press("Send 2 SKM");
    expect(screen.getByText(en.errors.WALLET_REFUSED)).toBeTruthy();
    expect(onClose).not.toHaveBeenCalled();
    await press(en.common.back);
    expect(screen.getByLabelText<HTMLInputElement>("Amount").value).toBe("2");
    expect(screen.getByLabelText<HTMLTextAreaElement>(en.money.note).value).toBe("tea");
  });

  test("what the wallet may have sent before is sent again only by who knows of it", async () => {
    const pay = vi.fn<ConversationMoney["pay"]>();
    pay.mockRejectedValueOnce(new PageError("PAYMENT_UNSURE"));
    pay.mockResolvedValueOnce(textMessage("m", 1, { outgoing: true }));
    open({ review: async () => review, pay });
    await start();
    type("Amount", "2");
    await press(en.money.review);
    await press("Send 2 SKM");
    expect(screen.getByText(en.errors.PAYMENT_UNSURE)).toBeTruthy();
    await press("It was not sent: send 2 SKM");
    expect(pay.mock.calls.map(([input]) => input.replace)).toEqual([undefined, true]);
  });

  test.each(["WALLET_SEND_UNSURE", "PAYMENT_MADE"] as const)(
    "what is made or on its way (%s) closes the sheet: the same button would make a second one",
    async (code) => {
      open({ review: async () => review, pay: () => Promise.reject(new PageError(code)) });
      const onClose = await start();
      type("Amount", "2");
      await press(en.money.review);
      await press("Send 2 SKM");
      expect(onClose).toHaveBeenCalledOnce();
      expect(toast).toHaveBeenCalledWith(en.errors[code]);
    },
  );

  test("what another device may have paid is paid as another payment only by who says so", async () => {
    const pay = vi.fn<ConversationMoney["pay"]>();
    pay.mockRejectedValueOnce(new PageError("PAYMENT_ELSEWHERE"));
    pay.mockResolvedValueOnce(textMessage("m", 1, { outgoing: true }));
    open({ review: async () => review, pay });
    await start();
    type("Amount", "2");
    await press(en.money.review);
    await press("Send 2 SKM");
    expect(screen.getByText(en.errors.PAYMENT_ELSEWHERE)).toBeTruthy();
    await press("It is another payment: send 2 SKM");
    expect(pay.mock.calls.map(([input]) => input.replace)).toEqual([undefined, true]);
  });

  test("what has changed since it was looked at is looked at again", async () => {
    const look = vi.fn(async () => review);
    open({ review: look, pay: () => Promise.reject(new PageError("PAYMENT_CHANGED")) });
    await start();
    type("Amount", "2");
    await press(en.money.review);
    await press("Send 2 SKM");
    await act(settle);
    expect(look).toHaveBeenCalledTimes(2);
    expect(await screen.findByRole("button", { name: "Send 2 SKM" })).toBeTruthy();
  });

  test("what goes wrong after the sheet was closed is said all the same, and closes nothing else", async () => {
    const { promise, reject } = Promise.withResolvers<Message>();
    open({ review: async () => review, pay: () => promise });
    const onClose = await start();
    type("Amount", "2");
    await press(en.money.review);
    await press("Send 2 SKM");
    cleanup();
    await act(async () => reject(new PageError("WALLET_FAILED")));
    expect(toast.error).toHaveBeenCalledExactlyOnceWith(en.errors.WALLET_FAILED);
    expect(onClose).not.toHaveBeenCalled();
  });

  test("where nobody else is, it says so", async () => {
    open({});
    const alone = { ...group, group: { ...group.group, people: group.group.people.slice(0, 1) } };
    await start(alone);
    expect(screen.getByText(en.money.alone)).toBeTruthy();
    expect(screen.queryByLabelText("Amount")).toBeNull();
  });

  test.each<[string, string]>([
    ["100.000000000000000001", en.errors.AMOUNT_OVER_BALANCE],
    ["twelve", en.errors.AMOUNT_INVALID],
    ["0.0000000000000000001", en.errors.AMOUNT_INVALID],
  ])("%s is refused before anything is reviewed", async (typed, words) => {
    open({});
    await start();
    type("Amount", typed);
    await press(en.money.review);
    expect(screen.getByText(words)).toBeTruthy();
  });

  test("what speaks against it is said, and there is nothing to confirm", async () => {
    open({ review: async () => ({ ...review, problem: { code: "IDENTITY_REVOKED" } }) });
    await start();
    type("Amount", "2");
    await press(en.money.review);
    expect(screen.getByText(en.errors.IDENTITY_REVOKED)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /^Send/ })).toBeNull();
  });

  test("a changed wallet, a look-alike and an unlisted token are warned of", async () => {
    const unlisted = { ...skm, symbol: "SKM ", listed: false };
    open({ review: async () => ({ ...review, asset: unlisted, changed: true, lookAlike: "wei-" }) });
    await start();
    type("Amount", "2");
    await press(en.money.review);
    expect(screen.getByText(/^wei's wallet is another one/)).toBeTruthy();
    expect(screen.getByText(/^wei- is also among/)).toBeTruthy();
    expect(screen.getByText(/is not on this network's list/)).toBeTruthy();
  });

  test("in a group somebody is chosen first; a token is added by its address", async () => {
    const asset = vi.fn(async () => ({ ...skm, token: `0x${"6".repeat(40)}` as const, symbol: "TEA", listed: false }));
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ chainId: 1, name: "test" })));
    open({}, { asset });
    await start(group);
    fireEvent.click(screen.getByRole("radio", { name: "ada" }));
    await press(en.common.continue);
    expect(screen.getByText("Send to ada")).toBeTruthy();
    await press(/SKM/);
    await press(en.money.addToken);
    type(en.money.tokenAddress, "0x12");
    await press(en.money.addTokenAction);
    expect(screen.getByText(en.common.addressWrong)).toBeTruthy();
    type(en.money.tokenAddress, `0x${"6".repeat(40)}`);
    await press(en.money.addTokenAction);
    await act(settle);
    expect(await screen.findByRole("button", { name: /TEA/ })).toBeTruthy();
    vi.unstubAllGlobals();
  });
});

describe("asking for money", () => {
  test("Enter before it is known what is asked for is not pressed in vain", async () => {
    const request = vi.fn(async () => textMessage("r", 1, { outgoing: true }));
    const known = Promise.withResolvers<void>();
    open(
      { request },
      {
        async holdings() {
          await known.promise;
          return [{ asset: skm, balance: 100n * one }];
        },
      },
    );
    show(<AskSheet model={model} summary={pair} onClose={() => {}} />);
    await act(settle);
    type(en.money.amount, "10");
    await act(async () => void fireEvent.submit(screen.getByLabelText(en.money.amount).closest("form") as HTMLElement));
    expect(request).not.toHaveBeenCalled();
    known.resolve();
    await act(settle);
    expect(request).toHaveBeenCalledTimes(1);
  });

  test("splits a bill, says what falls on whom, and asks", async () => {
    const request = vi.fn(async () => textMessage("r", 1, { outgoing: true }));
    open({ request });
    show(<AskSheet model={model} summary={group} onClose={() => {}} />);
    await act(settle);
    await press(en.money.everybody);
    await press(en.common.continue);
    type(en.money.billTotal, "10");
    expect(screen.getByText("3.333333333333333333 SKM")).toBeTruthy();
    expect(screen.getByText("3.333333333333333334 SKM")).toBeTruthy();
    await press("Ask 2 people");
    const asset = { chainId: 1, token };
    expect(request).toHaveBeenCalledExactlyOnceWith({
      asset,
      amount: 3_333_333_333_333_333_333n,
      from: ["0x03", "0x02"],
    });
  });
});

describe("cards in the conversation", () => {
  const row = async (message: Message, summary: ConversationSummary = pair, money: Partial<ConversationMoney> = {}) => {
    open(money);
    putAsset(skm);
    await act(settle);
    show(
      <MessageRow
        row={{ kind: "message", key: message.id, message, first: true, last: true }}
        model={model}
        summary={summary}
      />,
    );
    return screen.findByRole("article", { name: /wei|lin|You/ });
  };
  const payment = { type: "payment", asset: { chainId: 1, token }, amount: 5n * one, to: "0x01" } as const;

  test.each([
    ["signed", en.money.says.signed],
    ["sent", en.money.says.sent],
    ["final", en.money.says.finalMe],
    ["failed", en.money.says.failed],
  ] as const)("a payment that is %s says so", async (state, words) => {
    const card = await row(textMessage("m", 1, { body: { ...payment, note: "tea", state } }));
    expect(card.getAttribute("aria-label")).toBe("Payment from wei to you");
    expect(within(card).getByText(en.money.state[state])).toBeTruthy();
    expect(within(card).getByText(words).getAttribute("role")).toBe("status");
    expect(within(card).getByText("tea")).toBeTruthy();
    expect(card.textContent).not.toMatch(/transaction/i);
  });

  test.each([
    [false, "3 SKM arrived: not what this message says."],
    [true, "3 SKM went to another wallet, not to yours."],
  ])("what moved instead is said as it was (elsewhere: %s)", async (elsewhere, words) => {
    const moved = { amount: 3n * one, wallet: `0x${"c".repeat(40)}`, elsewhere } as const;
    const card = await row(textMessage("m", 1, { body: { ...payment, state: "differs", moved } }));
    expect(within(card).getByText(words).getAttribute("role")).toBe("status");
    expect(within(card).getByText(moved.wallet).closest("details")?.open).toBe(false);
  });

  test("why a payment failed is said to who paid, and its transaction stands in the details alone", async () => {
    const body = { ...payment, to: "0x02", state: "failed", code: "CHAIN_REJECTED", transaction: "0xfeed" } as const;
    const card = await row(textMessage("m", 1, { outgoing: true, body }));
    expect(within(card).getByText(en.errors.CHAIN_REJECTED)).toBeTruthy();
    expect(within(card).getByText("0xfeed").closest("details")?.open).toBe(false);
  });

  test("while a payment is held up nobody is told to pay again, and who gets it is given no advice", async () => {
    const held = { ...payment, to: "0x02", state: "sent", code: "CHAIN_UNREACHABLE" } as const;
    const card = await row(textMessage("m", 1, { outgoing: true, body: held }));
    expect(within(card).getByText(en.money.says.held)).toBeTruthy();
    cleanup();
    const theirs = await row(textMessage("m", 1, { body: { ...held, to: "0x01" } }));
    expect(within(theirs).getByText(en.money.says.sent)).toBeTruthy();
    cleanup();
    const failed = await row(textMessage("m", 1, { body: { ...held, to: "0x01", state: "failed" } }));
    expect(within(failed).getByText(en.money.says.failed)).toBeTruthy();
  });

  test.each([
    ["signed", undefined, "wei has signed it. It goes out by itself."],
    ["sent", undefined, "On its way to ada, there in a few seconds."],
    ["sent", "CHAIN_UNREACHABLE", en.money.says.heldOther],
    ["unsure", undefined, en.money.says.unsureOther],
    ["final", undefined, "ada has it."],
    ["failed", "CHAIN_REJECTED", en.money.says.failed],
  ] as const)(
    "of a payment between others that is %s (%s) nothing is said as if it were one's own",
    async (state, code, words) => {
      const body = { ...payment, to: "0x03", state, ...(code ? { code } : {}) } as const;
      const card = await row(textMessage("m", 1, { body }), group);
      expect(within(card).getByRole("status").textContent).toBe(words);
    },
  );

  test.each([
    [true, "0x02", en.money.says.unsure],
    [false, "0x01", en.money.says.unsureOther],
  ] as const)("of what nobody can tell only the one who pays (%s) is warned", async (outgoing, to, words) => {
    const card = await row(textMessage("m", 1, { outgoing, body: { ...payment, to, state: "unsure" } }));
    expect(within(card).getByText(words)).toBeTruthy();
    expect(within(card).getByText(en.money.state.unsure)).toBeTruthy();
  });

  const request: RequestBody = {
    ...{ type: "request", asset: { chainId: 1, token }, amount: 5n * one, state: "open" },
    ...{ from: ["0x01", "0x03"], paid: ["0x03"] },
  };

  test("a request can be paid by who was asked, once", async () => {
    const message = textMessage("r", 1, { body: request });
    const card = await row(message, group, { review: async () => review });
    expect(within(card).getByText("1 of 2 have paid")).toBeTruthy();
    await press(en.money.pay);
    await screen.findByRole("button", { name: "Send 5 SKM" });
    cleanup();
    const going = textMessage("p", 2, {
      outgoing: true,
      body: { ...payment, to: "0x02", request: "r", state: "sent" },
    });
    await row(message, group);
    act(() => model.store.setState({ messages: [message, going] }));
    expect(button(en.money.paying)).toHaveProperty("disabled", true);
  });

  test("where a part has arrived only the rest is asked for", async () => {
    const message = textMessage("r", 1, { body: { ...request, parts: [{ person: "0x01", amount: 3n * one }] } });
    const card = await row(message, group, { review: async () => ({ ...review, amount: 2n * one }) });
    expect(within(card).getByText(/^3 SKM of 5 SKM arrived/)).toBeTruthy();
    await press("Pay the rest, 2 SKM");
    await screen.findByRole("button", { name: "Send 2 SKM" });
  });

  test("the asker takes it back after a question", async () => {
    const withdraw = vi.fn(async () => {});
    const message = textMessage("r", 1, {
      outgoing: true,
      from: "0x01",
      body: { ...request, from: ["0x02"], paid: [] },
    });
    await row(message, pair, { withdraw });
    await press(en.money.withdraw);
    const sheet = await screen.findByRole("dialog");
    await act(async () => void fireEvent.click(within(sheet).getByRole("button", { name: en.money.withdraw })));
    expect(withdraw).toHaveBeenCalledExactlyOnceWith("r");
  });
});

describe("the history of payments", () => {
  test("names whom, how much and which way", async () => {
    const body = {
      type: "payment",
      asset: { chainId: 1, token },
      amount: 5n * one,
      to: "0x02",
      state: "final",
    } as const;
    const record = { conversationId: "c", at: 1, message: textMessage("m", 1, { outgoing: true, from: "0x01", body }) };
    open({}, { history: async () => [record] });
    putAsset(skm);
    show(<HistorySheet onClose={() => {}} />);
    expect(await screen.findByText("−5 SKM")).toBeTruthy();
  });

  test("shows what is in doubt, what that means and where to go, and what no conversation shows any more", async () => {
    const asset = { chainId: 1, token } as const;
    const kept = { conversationId: "c", at: 1, to: "0x02", asset, amount: 5n * one } as const;
    const payments: UntoldPayment[] = [
      { ...kept, id: "a", state: "unsure" },
      { ...kept, id: "b", state: "final", transaction: "0xfeed" },
      { ...kept, id: "c", state: "unsure", transaction: "0xbeef" },
      { ...kept, id: "d", state: "failed", code: "PAYMENT_REPLACED" },
    ];
    open({}, { history: async () => [], untold: async () => payments });
    putAsset(skm);
    show(<HistorySheet onClose={() => {}} />);
    expect(await screen.findByText(en.money.untold.unsure)).toBeTruthy();
    expect(screen.getAllByRole("button", { name: en.money.untold.open })).toHaveLength(1);
    expect(screen.getByText(en.money.untold.final)).toBeTruthy();
    expect(screen.getByText(enLate.moneyMore.untoldUnsure)).toBeTruthy();
    expect(screen.getByText("0xfeed").closest("details")?.open).toBe(false);
    expect(screen.getByText(en.errors.PAYMENT_REPLACED)).toBeTruthy();
    expect(screen.queryByText(en.money.historyEmpty)).toBeNull();
  });

  test("says when it cannot be read, and can be tried again", async () => {
    const history = vi.fn(async () => []).mockRejectedValueOnce(new PageError("STORE_FAILED"));
    open({}, { history });
    show(<HistorySheet onClose={() => {}} />);
    expect((await screen.findByRole("alert")).textContent).toBe(en.errors.STORE_FAILED);
    await press(en.common.retry);
    expect(await screen.findByText(en.money.historyEmpty)).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("is empty in a sentence", async () => {
    open({}, { history: async () => [] });
    show(<HistorySheet onClose={() => {}} />);
    expect(await screen.findByText(en.money.historyEmpty)).toBeTruthy();
  });
});
