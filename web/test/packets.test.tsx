// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { MessageRow } from "../features/conversation/message-row.tsx";
import { type ConversationModel, openConversation } from "../features/conversation/model.ts";
import { putAsset, useAssets } from "../features/money/assets.ts";
import CreateSheet from "../features/packets/create-sheet.tsx";
import { draftPacket } from "../features/packets/draft.ts";
import PacketHistorySheet from "../features/packets/history-sheet.tsx";
import { inOrder } from "../features/packets/shares.tsx";
import { useSession } from "../features/session/model.ts";
import { useConnection } from "../features/shell/connection.ts";
import { loadAmounts } from "../lib/amounts.ts";
import { PageError } from "../lib/errors.ts";
import type {
  Address,
  Asset,
  ConversationPackets,
  GroupSummary,
  Money,
  PacketBody,
  PacketEntry,
  PacketShare,
  Packets,
  PacketView,
  WalletSigner,
} from "../lib/types.ts";
import enFirst from "../messages/en.json" with { type: "json" };
import enLate from "../messages/late/en.json" with { type: "json" };
import { fakeClient, settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

const push = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
const en = { ...enFirst, ...enLate };
const wallet: WalletSigner = { address: "0x0a", signTypedData: () => Promise.reject(new Error("not asked")) };
vi.mock("../features/wallet/use-own-wallet.ts", () => ({ useOwnWallet: () => wallet }));
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;
const member = { role: "member", devices: 1 } as const;
const group: GroupSummary = {
  ...{ id: "c", kind: "group", unread: 0, flags: {}, timer: 0, certificate: { state: "waiting", since: 0 } },
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
const asset: Asset = {
  ...{ chainId: 1, token: `0x${"5".repeat(40)}`, symbol: "SKM", name: "Skrumble", decimals: 18 },
  ...{ listed: true, moves: "signature" },
};
const one = 10n ** 18n;
const body: PacketBody = {
  ...{ type: "packet", packetId: 7, asset: { chainId: 1, token: asset.token }, shares: 3, lucky: true },
  ...{ expiresAt: 2_000_000_000_000, message: "For everybody" },
};
const share = (place: number, publicId: `0x${string}`, amount?: bigint): PacketShare => ({
  ...{ place, publicId, wallet: `0x${String(place).repeat(40)}` },
  ...(amount === undefined ? {} : { amount }),
});
const seen = (more: Partial<PacketView> = {}): PacketView => ({
  ...{ messageId: "m", packetId: 7, asset: body.asset, creator: `0x${"c".repeat(40)}`, state: "open" },
  ...{ total: 88n * one, left: 88n * one, shares: 3, taken: 0, paid: 0, lucky: true, luckOver: false },
  ...{ expiresAt: body.expiresAt, people: [], done: false },
  ...more,
});

let model: ConversationModel;
let tell: (view: PacketView) => void = () => {};
let fail: (code: string) => void = () => {};
function open(packets: Partial<ConversationPackets> = {}, all: Partial<Packets> = {}) {
  const watch: ConversationPackets["watch"] = (_, listener, failed) => {
    tell = (view) => act(() => listener(view));
    fail = (code) => act(() => failed?.({ code }));
    return () => {};
  };
  const client = fakeClient({
    conversation: {
      ...{ messages: async () => [], markRead: async () => {} },
      packets: { watch, ...packets } as ConversationPackets,
    },
    client: {
      money: {
        chains: async () => [{ chainId: 1, name: "Home", home: true }],
        holdings: async () => [{ asset, balance: 100n * one }],
        asset: async () => asset,
      } as Partial<Money> as Money,
      packets: { prompts: async () => ["sign"], allowances: async () => [], ...all } as Partial<Packets> as Packets,
    },
  });
  useSession.setState({ session: { status: "joined", client, identity } });
  model = openConversation(client, "c", 0);
  putAsset(asset);
  return { client };
}
async function card(packets: Partial<ConversationPackets> = {}) {
  open(packets);
  await act(settle);
  const message = textMessage("m", 1, { body });
  show(
    <MessageRow row={{ kind: "message", key: "m", message, first: true, last: true }} model={model} summary={group} />,
  );
  return screen.findByRole("article", { name: "Red packet from wei" });
}
const press = (name: string | RegExp) => act(async () => void fireEvent.click(screen.getByRole("button", { name })));
const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

beforeAll(loadAmounts);
beforeEach(() => {
  Element.prototype.hasPointerCapture = () => false;
  Element.prototype.scrollIntoView = () => {};
});
afterEach(() => {
  cleanup();
  useAssets.setState({}, true);
});

describe("a packet that is being made", () => {
  const base = { amount: 10n, each: false, count: "5", balance: 100n };
  test.each<[Partial<Parameters<typeof draftPacket>[0]>, ReturnType<typeof draftPacket>]>([
    [{}, { total: 10n, shares: 5 }],
    [{ each: true }, { total: 50n, shares: 5 }],
    [{ count: "0" }, { problem: "shares" }],
    [{ count: "101" }, { problem: "shares" }],
    [{ count: "" }, { problem: "shares" }],
    [{ amount: undefined }, { problem: "amount" }],
    [{ amount: 4n }, { problem: "PACKET_TOO_SMALL" }],
    [{ amount: 21n, each: true }, { problem: "AMOUNT_OVER_BALANCE" }],
    [{ balance: undefined }, { total: 10n, shares: 5 }],
  ])("%o", (more, drafted) => expect(draftPacket({ ...base, ...more })).toEqual(drafted));

  test("is reviewed, then confirmed with one button", async () => {
    const create = vi.fn(async () => textMessage("m", 1, { outgoing: true }));
    open({ create });
    show(<CreateSheet model={model} summary={group} onClose={() => {}} />);
    await act(settle);
    type(en.packets.total, "88");
    type(en.packets.words, "For everybody");
    await press(en.money.review);
    expect(screen.getByText(en.packets.means.luck)).toBeTruthy();
    await press("Send red packet");
    expect(create).toHaveBeenCalledOnce();
    const [input] = create.mock.calls[0] as unknown as Parameters<ConversationPackets["create"]>;
    expect(input).toMatchObject({
      asset: body.asset,
      amount: 88n * one,
      shares: 2,
      lucky: true,
      message: "For everybody",
    });
    expect(input.expiresAt % 1_000).toBe(0);
  });

  test("says before the first prompt that the wallet asks twice, and afterwards what it has left", async () => {
    const left = vi.fn(async () => [{ asset: body.asset, owner: identity.wallet, amount: 88n * one }]);
    const disallow = vi.fn(async () => {});
    const create = vi.fn(() => Promise.reject(new PageError("WALLET_REFUSED")));
    const { promise, resolve } = Promise.withResolvers<readonly ["approve", "send"]>();
    open({ create }, { prompts: () => promise, allowances: left, disallow });
    show(<CreateSheet model={model} summary={group} onClose={() => {}} />);
    await act(settle);
    type(en.packets.total, "88");
    await press(en.money.review);
    expect(screen.queryByRole("button", { name: "Send red packet" })).toBeNull();
    await act(async () => resolve(["approve", "send"]));
    expect(screen.getByText(en.packetMore.asksTwice.replace("{amount}", "88 SKM"))).toBeTruthy();
    expect(left).not.toHaveBeenCalled();
    await press("Send red packet");
    expect(screen.getByText(en.packetMore.left.replace("{amount}", "88 SKM"))).toBeTruthy();
    await press(en.packetMore.takeBack);
    await press(en.packetMore.takeBack);
    expect(disallow).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ asset: body.asset, owner: identity.wallet }),
      wallet,
    );
    expect(screen.queryByText(/permission back/)).toBeNull();
  });

  test("is not offered while nobody can say what the wallet will ask", async () => {
    let answer: () => Promise<readonly ["sign"]> = () => Promise.reject(new PageError("CHAIN_UNREACHABLE"));
    open({}, { prompts: () => answer() });
    show(<CreateSheet model={model} summary={group} onClose={() => {}} />);
    await act(settle);
    type(en.packets.total, "88");
    await press(en.money.review);
    expect(screen.getByText(en.errors.CHAIN_UNREACHABLE)).toBeTruthy();
    answer = async () => ["sign"];
    await press(en.common.retry);
    expect(screen.getByRole("button", { name: "Send red packet" })).toBeTruthy();
  });

  test("says what is wrong with it", async () => {
    open();
    show(<CreateSheet model={model} summary={group} onClose={() => {}} />);
    await act(settle);
    type(en.packets.total, "1000");
    await press(en.money.review);
    expect(screen.getByText(en.errors.AMOUNT_OVER_BALANCE)).toBeTruthy();
    type(en.packets.total, "1");
    type(en.packets.shares, "101");
    await press(en.money.review);
    expect(screen.getByText("Choose between 1 and 100 shares.")).toBeTruthy();
  });
});

describe("a packet in the conversation", () => {
  test("is opened: pressed, drawn, there", async () => {
    const claim = vi.fn(async () => seen({ state: "waiting", taken: 1, mine: share(1, "0x01") }));
    await card({ claim });
    tell(seen());
    await press(/For everybody/);
    const stage = await screen.findByRole("dialog");
    await act(async () => void fireEvent.click(within(stage).getByRole("button", { name: en.packets.open })));
    expect(claim).toHaveBeenCalledExactlyOnceWith("m");
    expect(within(stage).getByRole("status").textContent).toBe(en.packets.drawing);
    tell(seen({ state: "received", taken: 1, paid: 1, mine: share(1, "0x01", 30n * one) }));
    expect(within(stage).getByText("30")).toBeTruthy();
    expect(within(stage).getByRole("status").textContent).toBe(en.packets.yours);
  });

  test("waits while the chain stands still, and says so", async () => {
    await card({ claim: () => new Promise(() => {}) });
    tell(seen());
    await press(/For everybody/);
    const stage = await screen.findByRole("dialog");
    await act(async () => void fireEvent.click(within(stage).getByRole("button", { name: en.packets.open })));
    act(() => useConnection.setState({ chain: "stalled" }));
    expect(within(stage).getByRole("status").textContent).toBe(en.line.waits);
    act(() => useConnection.setState({ chain: "online" }));
    expect(within(stage).getByRole("status").textContent).toBe(en.packets.drawing);
  });

  test("says why it could not be opened, and can be tried again", async () => {
    const claim = vi.fn(() => Promise.reject(new PageError("CHAIN_STALLED")));
    await card({ claim });
    tell(seen());
    await press(/For everybody/);
    const stage = await screen.findByRole("dialog");
    await act(async () => void fireEvent.click(within(stage).getByRole("button", { name: en.packets.open })));
    expect(within(stage).getByText(en.errors.CHAIN_STALLED)).toBeTruthy();
    expect(within(stage).getByRole("button", { name: en.packets.open })).toHaveProperty("disabled", false);
  });

  test.each(["empty", "expired", "refunded"] as const)(
    "that is %s cannot be opened, and leads to who got how much",
    async (state) => {
      const article = await card();
      tell(seen({ state, people: [share(1, "0x02", 40n * one)], taken: 1, paid: 1 }));
      expect(within(article).getByText(en.packets.state[state])).toBeTruthy();
      await press(/For everybody/);
      const list = await screen.findByRole("list", { name: en.packets.everybody });
      expect(within(list).getByText("wei")).toBeTruthy();
      expect(within(list).getByText("40 SKM")).toBeTruthy();
    },
  );

  test("what nobody took is sent back on demand", async () => {
    const refund = vi.fn(async () => seen({ state: "refunded" }));
    await card({ refund });
    tell(seen({ state: "expired" }));
    await press(/For everybody/);
    await screen.findByRole("dialog");
    await press(en.packets.refund);
    expect(refund).toHaveBeenCalledExactlyOnceWith("m");
    expect(screen.queryByRole("button", { name: en.packets.refund })).toBeNull();
  });
});

describe("what is in a packet", () => {
  const opened = () => press(/For everybody/);

  test("cannot be shown: why, and it can be tried again", async () => {
    const look = vi.fn(async () => seen({ state: "expired" }));
    open({ look });
    const over = textMessage("m", 1, { body: { ...body, expiresAt: 1 } });
    show(
      <MessageRow
        row={{ kind: "message", key: "m", message: over, first: true, last: true }}
        model={model}
        summary={group}
      />,
    );
    await screen.findByRole("article", { name: "Red packet from wei" });
    await opened();
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).queryByRole("button", { name: en.common.retry })).toBeNull();
    fail("CHAIN_UNREACHABLE");
    expect(within(sheet).getByText(new RegExp(en.errors.CHAIN_UNREACHABLE))).toBeTruthy();
    await press(en.common.retry);
    expect(look).toHaveBeenCalledExactlyOnceWith("m");
    expect(within(sheet).getByText(en.packets.nobody)).toBeTruthy();
  });

  test("has a share that is kept: to another wallet, looked at before", async () => {
    const withdraw = vi.fn(async () => seen({ state: "received", mine: share(1, "0x01", one) }));
    await card({ withdraw });
    tell(seen({ state: "received", taken: 1, paid: 1, mine: share(1, "0x01", one), kept: one }));
    await opened();
    await screen.findByRole("dialog");
    expect(screen.getByText(en.packetMore.keptWhy)).toBeTruthy();
    await press(en.packetMore.other);
    type(en.packetMore.otherAddress, "0x12");
    await press(en.money.review);
    expect(screen.getByText(en.common.addressWrong)).toBeTruthy();
    const other = `0x${"d".repeat(40)}`;
    type(en.packetMore.otherAddress, ` ${other} `);
    await press(en.money.review);
    expect(screen.getByText(other)).toBeTruthy();
    expect(withdraw).not.toHaveBeenCalled();
    await press(en.packetMore.otherAction.replace("{amount}", "1 SKM"));
    expect(withdraw).toHaveBeenCalledExactlyOnceWith("m", wallet, other);
    expect(screen.queryByText(en.packetMore.keptWhy)).toBeNull();
  });

  test("could not be sent back: said on the card, and with the reason in its sheet", async () => {
    const article = await card({ refund: () => Promise.reject(new PageError("PAYMENT_REFUSED")) });
    tell(seen({ state: "expired", refundStopped: { code: "PAYMENT_REFUSED" } }));
    expect(within(article).getByText(en.packetMore.restStuck)).toBeTruthy();
    await opened();
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).getByText(new RegExp(en.errors.PAYMENT_REFUSED))).toBeTruthy();
    await press(en.packets.refund);
    expect(within(sheet).getByRole("alert").textContent).toBe(en.errors.PAYMENT_REFUSED);
  });
});

describe("the history of packets", () => {
  const entry = (more: Partial<PacketEntry> = {}): PacketEntry => ({
    ...{ conversationId: "c1", messageId: "m", at: 1, from: "0x01", given: true, asset: body.asset, stage: "open" },
    ...{ shares: 5, lucky: true, expiresAt: body.expiresAt, taken: 2, total: 88n * one, left: 50n * one },
    ...{ seen: 1, current: true },
    ...more,
  });
  const sums = [{ asset: body.asset, given: 88n * one, got: 3n * one }];
  async function history(answer: Packets["history"], more: Partial<ConversationPackets> = {}) {
    open(more, { history: answer });
    show(<PacketHistorySheet onClose={() => {}} />);
    await act(settle);
  }
  beforeEach(() => push.mockClear());

  test("tells what was given and opened, what it comes to, and leads to the conversation", async () => {
    await history(async () => ({
      packets: [
        entry({ mine: { amount: 2n * one } }),
        entry({ messageId: "n", from: "0x03", given: false, stage: "taken", taken: 5, mine: { amount: one } }),
        entry({ messageId: "o", stage: "refunded", returned: 40n * one }),
      ],
      sums,
    }));
    const rows = within(screen.getByRole("list", { name: en.packetHistory.list })).getAllByRole("listitem");
    expect(rows.map((row) => row.textContent?.replaceAll(/\s+/g, " "))).toEqual([
      expect.stringMatching(/Your red packet.*Open.*2 of 5 opened.*your share 2 SKM.*−88 SKM/),
      expect.stringMatching(/Red packet from .*All opened.*5 of 5 opened.*\+1 SKM/),
      expect.stringMatching(/Rest returned.*40 SKM came back.*−88 SKM/),
    ]);
    const whole = screen.getByRole("region", { name: en.packetHistory.sums });
    expect(whole.textContent).toBe("Given88 SKMOpened3 SKM");
    fireEvent.click(within(rows[0] as HTMLElement).getByRole("button"));
    expect(push).toHaveBeenCalledExactlyOnceWith("/chats/#c=c1");
  });

  test("is there at once, and says when the chain could not be asked", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    await history(async ({ fresh } = {}) => {
      if (fresh) await promise;
      return { packets: [entry({ current: false })], sums };
    });
    expect(screen.getByText("−88 SKM")).toBeTruthy();
    expect(screen.queryByText(en.packetHistory.fromMemory)).toBeNull();
    await act(async () => resolve());
    expect(screen.getByText(en.packetHistory.fromMemory)).toBeTruthy();
    expect(screen.getByRole("button", { name: en.common.retry })).toBeTruthy();
  });

  test("says of one in doubt what that means", async () => {
    const { taken: _, left: __, seen: ___, ...unsure } = entry({ stage: "unsure", current: false });
    await history(async () => ({ packets: [unsure], sums: [] }));
    expect(screen.getByText(en.packetHistory.stage.unsure)).toBeTruthy();
    expect(screen.getByText(en.packetHistory.unsure)).toBeTruthy();
    expect(screen.queryByText(en.packetHistory.fromMemory)).toBeNull();
  });

  test("lets what is left be taken back where it is due", async () => {
    const refund = vi.fn(async () => seen({ state: "refunded" }));
    let stage: PacketEntry["stage"] = "over";
    await history(async () => ({ packets: [entry({ stage })], sums }), { refund });
    stage = "refunded";
    await press(en.packetHistory.takeBack);
    expect(refund).toHaveBeenCalledExactlyOnceWith("m");
    expect(screen.queryByRole("button", { name: en.packetHistory.takeBack })).toBeNull();
  });

  test("goes on page by page", async () => {
    const answer = vi.fn(async ({ before }: { before?: number } = {}) =>
      before === undefined
        ? { packets: [entry()], sums, next: 1 }
        : { packets: [entry({ messageId: "n", total: 7n * one })], sums },
    );
    await history(answer);
    await press(en.search.more);
    expect(answer).toHaveBeenLastCalledWith({ limit: 30, before: 1, fresh: true });
    expect(screen.getByText("−88 SKM")).toBeTruthy();
    expect(screen.getByText("−7 SKM")).toBeTruthy();
    expect(screen.queryByRole("button", { name: en.search.more })).toBeNull();
  });

  test("stays as far as it was opened when one of one's own comes, of many once, and of others' not at all", async () => {
    vi.useFakeTimers();
    try {
      const late = entry({ messageId: "n", at: 0, total: 7n * one });
      const answer = vi.fn(async ({ before }: { before?: number } = {}) =>
        before === undefined ? { packets: [entry()], sums, next: 1 } : { packets: [late], sums },
      );
      const { client } = open({}, { history: answer });
      show(<PacketHistorySheet onClose={() => {}} />);
      await act(() => vi.advanceTimersByTimeAsync(0));
      await press(en.search.more);
      answer.mockClear();
      const says = (outgoing: boolean) => client.emit("message", textMessage("x", 1, { body, outgoing }) as never);
      for (let n = 0; n < 20; n++) says(n < 3);
      await act(() => vi.advanceTimersByTimeAsync(2_000));
      // What is remembered, then what the chain says.
      expect(answer.mock.calls).toEqual([[{ limit: 30, fresh: false }], [{ limit: 30, fresh: true }]]);
      expect(screen.getByText("−7 SKM")).toBeTruthy();
      expect(screen.queryByRole("button", { name: en.search.more })).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  test("tells what another wallet has left behind, and when that cannot be read", async () => {
    const owner: Address = `0x${"c".repeat(40)}`;
    open(
      {},
      {
        history: async () => ({ packets: [], sums: [] }),
        allowances: async () => [{ asset: body.asset, owner, amount: one }],
      },
    );
    show(<PacketHistorySheet onClose={() => {}} />);
    await act(settle);
    const words = en.packetMore.leftOf.replace("{wallet}", "0xcccc…cccc").replace("{amount}", "1 SKM");
    expect(screen.getByText(words)).toBeTruthy();
    cleanup();
    open(
      {},
      {
        history: async () => ({ packets: [], sums: [] }),
        allowances: () => Promise.reject(new PageError("CHAIN_UNREACHABLE")),
      },
    );
    show(<PacketHistorySheet onClose={() => {}} />);
    await act(settle);
    expect(screen.getByText(en.packetMore.leftUnread)).toBeTruthy();
  });

  test("is empty in words, and says when it cannot be read", async () => {
    await history(async () => ({ packets: [], sums: [] }));
    expect(screen.getByText(en.packetHistory.empty)).toBeTruthy();
    cleanup();
    await history(() => Promise.reject(new PageError("STORE_FAILED")));
    expect(screen.getByRole("alert").textContent).toBe(en.errors.STORE_FAILED);
    expect(screen.getByRole("button", { name: en.common.retry })).toBeTruthy();
  });
});

describe("who got how much", () => {
  const people = [share(1, "0x01", 10n), share(2, "0x02"), share(3, "0x03", 30n), share(4, "0x04", 30n)];
  test("the largest first where luck decided, the earlier of equal ones, those to be drawn last", () => {
    expect(inOrder(people, true).map(({ place }) => place)).toEqual([3, 4, 1, 2]);
  });
  test("in the order they came where all are equal", () => {
    expect(inOrder(people.toReversed(), false).map(({ place }) => place)).toEqual([1, 2, 3, 4]);
  });
});
