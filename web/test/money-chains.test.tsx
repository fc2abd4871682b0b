// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { MoneyPreview } from "../features/chats/money-preview.tsx";
import { MessageRow } from "../features/conversation/message-row.tsx";
import { type ConversationModel, openConversation } from "../features/conversation/model.ts";
import { Quoted } from "../features/message/quoted.tsx";
import { useAssets } from "../features/money/assets.ts";
import { HistoryRow } from "../features/money/history-row.tsx";
import SendSheet from "../features/money/send-sheet.tsx";
import { UntoldPayments } from "../features/money/untold-payments.tsx";
import { useSession } from "../features/session/model.ts";
import { loadAmounts } from "../lib/amounts.ts";
import { PageError } from "../lib/errors.ts";
import type {
  Asset,
  ConversationMoney,
  Message,
  Money,
  PairSummary,
  PayableChain,
  PaymentBody,
  PaymentReview,
  Quote,
  RequestBody,
  UntoldPayment,
  WalletSigner,
} from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import late from "../messages/late/en.json" with { type: "json" };
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

const wallet: WalletSigner = { address: "0x0a", signTypedData: () => Promise.reject(new Error("not asked")) };
vi.mock("../features/wallet/use-own-wallet.ts", () => ({ useOwnWallet: () => wallet }));
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;
const pair: PairSummary = {
  ...{ id: "c", kind: "pair", unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } },
  contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
};
const token = `0x${"5".repeat(40)}` as const;
const skm: Asset = {
  ...{ chainId: 1, token, symbol: "SKM", name: "Skrumble", decimals: 18, listed: true, moves: "signature" },
};
const one = 10n ** 18n;
const home: PayableChain = { chainId: 1, name: "Home", home: true };

let model: ConversationModel;
function open(conversation: Partial<ConversationMoney>, money: Partial<Money>) {
  const client = fakeClient({
    conversation: { messages: async () => [], markRead: async () => {}, money: conversation as ConversationMoney },
    client: { money: money as Money },
  });
  useSession.setState({ session: { status: "joined", client, identity } });
  model = openConversation(client, "c", 0);
}

const press = (name: string | RegExp) => act(async () => void fireEvent.click(screen.getByRole("button", { name })));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

beforeAll(loadAmounts);
afterEach(() => {
  cleanup();
  useAssets.setState({}, true);
});

describe("another chain than the network's own", () => {
  const other: PayableChain = { chainId: 137, name: "Second", home: false, explorer: "https://look.example" };
  const sec: Asset = {
    ...{ chainId: 137, token: `0x${"0".repeat(40)}`, symbol: "SEC", name: "Second coin", decimals: 18 },
    ...{ listed: true, moves: "transaction" },
  };
  const both: Partial<Money> = {
    chains: async () => [home, other],
    holdings: async (chainId) =>
      chainId === 137 ? [{ asset: sec, balance: 7n * one }] : [{ asset: skm, balance: 100n * one }],
    asset: async ({ chainId }) => (chainId === 137 ? sec : skm),
  };
  const there: PaymentReview = {
    ...{ to: "0x02", amount: 2n * one, asset: sec, recipient: `0x${"a".repeat(40)}`, balance: 7n * one },
    ...{ first: false, changed: false },
    elsewhere: { chain: other, coin: sec, fee: one / 100n, contract: true },
  };
  const start = async () => {
    show(<SendSheet model={model} summary={pair} onClose={() => {}} />);
    await act(settle);
  };

  test("stands in a group of its own, and the review says where, for which fee and to what kind of wallet", async () => {
    const pay = vi.fn(async () => textMessage("m", 1, { outgoing: true }));
    open({ review: async () => there, pay }, both);
    await start();
    expect(screen.getByText("You have 100 SKM")).toBeTruthy();
    await press(/SKM/);
    await press(late.otherChains.look);
    await act(settle);
    fireEvent.click(within(screen.getByRole("list", { name: "Second" })).getByRole("button", { name: /SEC/ }));
    expect(await screen.findByText("You have 7 SEC · Second")).toBeTruthy();
    type("Amount", "2");
    await press(en.money.review);
    for (const words of ["Second", "0.01 SEC", en.money.fee]) expect(screen.getByText(words)).toBeTruthy();
    expect(screen.getByText("wei gets it on Second. It cannot be taken back.")).toBeTruthy();
    expect(screen.getByText("wei's wallet is a contract. Make sure that they have it on Second, too.")).toBeTruthy();
    await press("Send 2 SEC");
    const input = { to: "0x02", asset: { chainId: 137, token: sec.token }, amount: 2n * one };
    expect(pay).toHaveBeenCalledExactlyOnceWith({ ...input, reviewed: there }, wallet);
  });

  test("that cannot be reached is said, and takes nothing from the others", async () => {
    const away = new Set<number | undefined>([137]);
    const holdings: Money["holdings"] = async (chainId) => {
      if (away.has(chainId)) throw new PageError("CHAIN_UNREACHABLE");
      return [{ asset: chainId === 137 ? sec : skm, balance: 100n * one }];
    };
    open({}, { ...both, holdings });
    await start();
    await press(/SKM/);
    await press(late.otherChains.look);
    await act(settle);
    expect(screen.getByText("Second cannot be reached now.")).toBeTruthy();
    away.clear();
    await press(en.common.retry);
    await act(settle);
    expect(screen.getByRole("list", { name: "Second" })).toBeTruthy();
    // What is known stays while nothing newer can be read.
    away.add(1);
    await act(async () => void window.dispatchEvent(new Event("focus")));
    await act(settle);
    expect(within(screen.getByRole("list", { name: "Home" })).getByRole("button", { name: /SKM/ })).toBeTruthy();
  });

  test("is asked about nothing before somebody wants to see it, and its coin is never the first choice", async () => {
    const holdings = vi.fn<Money["holdings"]>(async (chainId) =>
      chainId === 137 ? [{ asset: sec, balance: 7n * one }] : [{ asset: skm, balance: 0n }],
    );
    open({}, { ...both, holdings });
    await start();
    expect(screen.getByText("You have 0 SKM")).toBeTruthy();
    expect(holdings.mock.calls).toEqual([[1]]);
    await press(/SKM/);
    await press(late.otherChains.look);
    await act(async () => void window.dispatchEvent(new Event("focus")));
    await act(settle);
    expect(holdings.mock.calls.filter(([chainId]) => chainId === 137)).toHaveLength(2);
    await press(en.common.back);
    expect(screen.getByText("You have 0 SKM")).toBeTruthy();
  });

  test("that gets something while an amount is typed does not change what it is of", async () => {
    const coin: Asset = { ...skm, token: sec.token, symbol: "COIN" };
    let balance = 0n;
    const holdings: Money["holdings"] = async () => [
      { asset: skm, balance: 0n },
      { asset: coin, balance },
    ];
    open({}, { ...both, holdings });
    await start();
    type("Amount", "10");
    balance = one;
    await act(async () => void window.dispatchEvent(new Event("focus")));
    await act(settle);
    expect(screen.getByRole("button", { name: /SKM/ })).toBeTruthy();
  });

  test("is chosen when a token is added by its address", async () => {
    const asset = vi.fn(async () => ({ ...sec, token: `0x${"6".repeat(40)}` as const, symbol: "TEA", listed: false }));
    open({}, { ...both, asset });
    await start();
    await press(/SKM/);
    await press(en.money.addToken);
    type(en.money.chain, "137");
    type(en.money.tokenAddress, `0x${"6".repeat(40)}`);
    await press(en.money.addTokenAction);
    await act(settle);
    expect(asset).toHaveBeenCalledWith({ chainId: 137, token: `0x${"6".repeat(40)}` });
    expect(await screen.findByRole("button", { name: /TEA/ })).toBeTruthy();
  });

  const card = async (message: Message, money: Partial<Money> = both) => {
    open({}, money);
    show(
      <MessageRow
        row={{ kind: "message", key: message.id, message, first: true, last: true }}
        model={model}
        summary={pair}
      />,
    );
    const found = await screen.findByRole("article", { name: /wei|You/ });
    await act(settle);
    return found;
  };
  const payment = { type: "payment", amount: 5n * one, to: "0x01" } as const;
  const asset = { chainId: 137, token: sec.token };

  test("is named on the card, with its explorer in the details", async () => {
    const body = { ...payment, asset, state: "sent", transaction: "0xfeed" } as const;
    const shown = await card(textMessage("m", 1, { body }));
    expect(within(shown).getByText("on Second")).toBeTruthy();
    expect(within(shown).getByText("On its way, final once Second has confirmed it.")).toBeTruthy();
    const link = within(shown).getByRole<HTMLAnchorElement>("link", { name: "look.example", hidden: true });
    expect([link.href, link.rel]).toEqual(["https://look.example/tx/0xfeed", "noopener noreferrer"]);
    cleanup();
    const atHome = await card(textMessage("m", 1, { body: { ...body, asset: { chainId: 1, token } } }));
    expect(within(atHome).queryByText(/^on /)).toBeNull();
    expect(within(atHome).queryByRole("link", { hidden: true })).toBeNull();
  });

  test("has tokens that call themselves as they like: lists and quotes say which are not listed", async () => {
    open({}, { ...both, asset: async () => ({ ...sec, symbol: "USDC", listed: false }) });
    const body = { ...payment, asset, state: "final" } as const;
    show(<MoneyPreview body={body} said={(text) => text} />);
    expect(await screen.findByText("Payment, 5 USDC · Second · Not listed")).toBeTruthy();
    cleanup();
    useAssets.setState({}, true);
    open({}, both);
    show(<MoneyPreview body={body} said={(text) => text} />);
    expect(await screen.findByText("Payment, 5 SEC · Second")).toBeTruthy();
  });

  const unknown: Partial<Money> = {
    ...both,
    chains: async () => [home],
    asset: () => Promise.reject(new PageError("CHAIN_UNKNOWN")),
  };

  test.each([
    ["en", "Payment · Unchecked", "Request", "Payment failed · Second"],
    ["zh-CN", "转账 · 未核实", "收款", "付款失败 · Second"],
  ] as const)(
    "is named in lists, and what nobody can check is said there (%s)",
    async (language, paid, asked, broken) => {
      const request: RequestBody = { type: "request", asset, amount: 5n, state: "open", from: ["0x01"], paid: [] };
      const line = async (body: PaymentBody | RequestBody, money: Partial<Money>) => {
        cleanup();
        useAssets.setState({}, true);
        open({}, money);
        const { container } = show(<MoneyPreview body={body} said={(text) => text} />, language);
        await act(settle);
        return container.textContent;
      };
      const silent = { ...both, asset: () => Promise.reject(new PageError("CHAIN_UNREACHABLE")) };
      const failed = { ...payment, asset, state: "failed" } as const;
      expect([
        await line({ ...payment, asset, state: "final" }, unknown),
        await line(request, unknown),
        await line(failed, silent),
      ]).toEqual([paid, asked, broken]);
      // The network's own goes without saying.
      expect(await line({ ...failed, asset: { chainId: 1, token } }, silent)).toBe(broken.replace(" · Second", ""));
    },
  );

  test.each([
    ["en", "on Second", "Unchecked"],
    ["zh-CN", "在 Second 上", "未核实"],
  ] as const)(
    "is named in quotes, and what nobody can check is said there (%s)",
    async (language, onSecond, unchecked) => {
      const quoted = async (quote: Partial<Quote>, money: Partial<Money>) => {
        cleanup();
        open({}, money);
        const given: Quote = { id: "1", from: "0x02", preview: "tea", state: "known", type: "payment", ...quote };
        show(<Quoted quote={given} nameOf={() => "wei"} onJump={() => {}} />, language);
        await act(settle);
        return [onSecond, unchecked].map((words) => screen.queryByText(words) !== null);
      };
      expect(await quoted({ asset }, both)).toEqual([true, false]);
      expect(await quoted({ asset }, unknown)).toEqual([false, true]);
      expect(await quoted({ asset, type: "request" }, unknown)).toEqual([false, false]);
      expect(await quoted({ asset: { chainId: 1, token } }, both)).toEqual([false, false]);
    },
  );

  test("is named in the history, and what nobody can check is said there", async () => {
    const body: PaymentBody = { ...payment, asset, state: "final" };
    const record = { conversationId: "c", at: 1, message: textMessage("m", 1, { body }) };
    const row = async (money: Partial<Money>) => {
      cleanup();
      useAssets.setState({}, true);
      open({}, money);
      show(<HistoryRow record={record} body={body} onOpen={() => {}} />);
      await act(settle);
      return screen.getByRole("button");
    };
    const there = await row(both);
    for (const words of ["Second", "+5 SEC"]) expect(within(there).getByText(words)).toBeTruthy();
    const nowhere = await row(unknown);
    for (const words of [en.money.unchecked, "?"]) expect(within(nowhere).getByText(words)).toBeTruthy();
  });

  test("is named where no conversation tells of the payment, and there too it may be that nobody can check", async () => {
    const untold = (state: UntoldPayment["state"], more: Partial<UntoldPayment> = {}): UntoldPayment => ({
      ...{ id: `${state}`, conversationId: "c", at: 1, to: "0x02", asset, amount: 5n * one, state },
      ...more,
    });
    open({}, both);
    show(<UntoldPayments payments={[untold("sent", { transaction: "0xfeed" })]} onOpen={() => {}} />);
    await act(settle);
    const there = screen.getByRole("listitem");
    for (const words of ["Second", "5 SEC", en.money.state.sent]) expect(within(there).getByText(words)).toBeTruthy();
    expect(within(there).getByText("Second (137)")).toBeTruthy();
    expect(within(there).getByRole("link", { hidden: true, name: "look.example" })).toBeTruthy();
    cleanup();
    useAssets.setState({}, true);
    open({}, unknown);
    show(
      <UntoldPayments payments={[untold("sent"), untold("failed", { code: "PAYMENT_REFUSED" })]} onOpen={() => {}} />,
    );
    await act(settle);
    const [waiting, over] = screen.getAllByRole("listitem");
    expect(within(waiting as HTMLElement).getByText(en.money.unchecked)).toBeTruthy();
    expect(within(waiting as HTMLElement).queryByText(en.money.state.sent)).toBeNull();
    expect(within(waiting as HTMLElement).getByText("137")).toBeTruthy();
    expect(within(over as HTMLElement).getByText(en.money.state.failed)).toBeTruthy();
    cleanup();
    open({}, both);
    show(<UntoldPayments payments={[untold("sent", { asset: { chainId: 1, token } })]} onOpen={() => {}} />);
    await act(settle);
    expect(screen.queryByText(en.common.details)).toBeNull();
  });

  test("that is not set up here: a payment is shown as told and unchecked, a request cannot be paid", async () => {
    const paid = await card(
      textMessage("m", 1, { body: { ...payment, asset, amount: 1234n, state: "sent" } }),
      unknown,
    );
    expect(within(paid).getByText(en.money.unchecked)).toBeTruthy();
    expect(within(paid).getByText("1,234")).toBeTruthy();
    expect(within(paid).getByText(en.money.units)).toBeTruthy();
    expect(within(paid).getByText(/^wei says so\. This chain is not set up here/)).toBeTruthy();
    expect(within(paid).queryByText(en.money.state.sent)).toBeNull();
    cleanup();
    const request: RequestBody = {
      ...{ type: "request", asset, amount: 5n, state: "open", from: ["0x01"], paid: [] },
    };
    const asked = await card(textMessage("r", 1, { body: request }), unknown);
    expect(within(asked).getByText(en.errors.CHAIN_UNKNOWN)).toBeTruthy();
    expect(within(asked).queryByRole("button", { name: en.money.pay })).toBeNull();
  });
});
