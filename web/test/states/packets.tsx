import PacketHistorySheet from "../../features/packets/history-sheet.tsx";
import { useConnection } from "../../features/shell/connection.ts";
import { PageError } from "../../lib/errors.ts";
import type { Language } from "../../lib/language.ts";
import type {
  ConversationPackets,
  Money,
  PacketBody,
  PacketEntry,
  PacketShare,
  Packets,
  PacketView,
  PublicId,
} from "../../lib/types.ts";
import { textMessage } from "../fake-client.ts";
import { one, skm } from "./payments.tsx";
import { enter, groupIn, me, others, press, Rows, type Scene, type States, shown, write } from "./stage.tsx";

const asset = { chainId: skm.chainId, token: skm.token };
const expiresAt = Date.now() + 20 * 3_600_000;
const wish = { en: "For everybody who came", "zh-CN": "送给每一位到场的朋友" };
const bodyIn = (language: Language, until: number): PacketBody => ({
  ...{ type: "packet", packetId: 7, asset, shares: 3, lucky: true, expiresAt: until, message: wish[language] },
});
const share = (place: number, publicId: PublicId, amount?: bigint): PacketShare => ({
  ...{ place, publicId, wallet: `0x${String(place).repeat(40)}` },
  ...(amount === undefined ? {} : { amount }),
});
const seen = (more: Partial<PacketView>): PacketView => ({
  ...{ messageId: "m", packetId: 7, asset, creator: `0x${"c".repeat(40)}`, state: "open" },
  ...{ total: 88n * one, left: 88n * one, shares: 3, taken: 0, paid: 0, lucky: true, luckOver: false },
  ...{ expiresAt, people: [], done: false },
  ...more,
});

function open(view: PacketView | undefined, packets: Partial<ConversationPackets> = {}, all: Partial<Packets> = {}) {
  const money: Partial<Money> = {
    chains: async () => [{ chainId: 1, name: "Skrumble", home: true }],
    holdings: async () => [{ asset: skm, balance: 100n * one }],
    asset: async () => skm,
  };
  const watch: ConversationPackets["watch"] = (_, listener, failed) => {
    // When a watch begins, what is known comes a moment later.
    setTimeout(() => (view ? listener(view) : failed?.({ code: "CHAIN_UNREACHABLE" })));
    return () => {};
  };
  return enter({
    conversation: { packets: { watch, ...packets } as ConversationPackets },
    client: {
      money: money as Money,
      packets: { prompts: async () => ["sign"], allowances: async () => [], ...all } as Packets,
    },
  });
}
const card = (
  view: PacketView | undefined,
  packets: Partial<ConversationPackets> = {},
  { outgoing = false, until = expiresAt } = {},
) => {
  return (language: Language) => {
    const from = outgoing ? me.publicId : others(language)[0].publicId;
    const message = textMessage("m", Date.now(), { outgoing, from, body: bodyIn(language, until) });
    return <Rows messages={[message]} model={open(view, packets)} summary={groupIn(language)} />;
  };
};
const touch = () => press(new RegExp(Object.values(wish).join("|")));
/** Once the chain has said how it is: what opens depends on it. */
const opened: NonNullable<Scene["reach"]> = async (t) => {
  await shown(t("packets.takenOf"));
  await touch();
};
const sheet = (view: PacketView, more: Partial<ConversationPackets> = {}, outgoing = false): Scene => ({
  show: card(view, more, { outgoing }),
  reach: opened,
});

const mine = share(1, me.publicId, 30n * one);
const everybody = [mine, share(2, `0x${"2".repeat(64)}`, 40n * one), share(3, `0x${"3".repeat(64)}`)];
const kept = seen({ state: "received", taken: 3, paid: 2, people: everybody, left: 18n * one, mine, kept: 30n * one });
const stuck = seen({ state: "expired", refundStopped: { code: "PAYMENT_REFUSED" } });

const entry = (more: Partial<PacketEntry>): PacketEntry => ({
  ...{ conversationId: "c", messageId: "m", at: Date.now() - 7_200_000, from: me.publicId, given: true, asset },
  ...{ stage: "open", shares: 5, lucky: true, expiresAt, taken: 2, total: 88n * one, left: 50n * one, seen: 1 },
  current: true,
  ...more,
});
const entries: PacketEntry[] = [
  entry({ stage: "unsure" }),
  entry({ messageId: "n", stage: "over", current: false }),
  entry({ messageId: "o", stage: "refunded" }),
  entry({
    messageId: "p",
    given: false,
    from: `0x${"2".repeat(64)}`,
    stage: "taken",
    mine: { amount: 3n * one },
  }),
];
const history = (packets: Partial<Packets>): Scene => ({
  show: () => {
    open(undefined, {}, packets);
    return <PacketHistorySheet onClose={() => {}} />;
  },
});

/** Red packets as they are when something is in the way. */
export const packets: States = {
  "packet-unread": {
    shows: "packets.state.looking",
    show: card(undefined),
  },
  "packet-sheet-unread": { shows: "packetMore.again", show: card(undefined, {}, { until: 1 }), reach: touch },
  "packet-stage": { shows: "packets.press", ...sheet(seen({})) },
  "packet-failed": {
    shows: "errors.CHAIN_STALLED",
    show: card(seen({}), { claim: () => Promise.reject(new PageError("CHAIN_STALLED")) }),
    async reach(t) {
      await opened(t);
      await press(t("packets.open"));
    },
  },
  "packet-standing": {
    shows: "line.waits",
    show: (language) => {
      useConnection.setState({ chain: "stalled" });
      return card(seen({}), { claim: () => new Promise(() => {}) })(language);
    },
    async reach(t) {
      await opened(t);
      await press(t("packets.open"));
    },
  },
  "packet-opened": {
    shows: "packets.yours",
    show: card(seen({}), {
      claim: async () => seen({ state: "received", taken: 1, paid: 1, mine, people: [mine], left: 58n * one }),
    }),
    async reach(t) {
      await opened(t);
      await press(t("packets.open"));
    },
  },
  "packet-kept-card": {
    shows: "packets.kept",
    show: card(kept),
  },
  "packet-kept": { shows: "packetMore.keptWhy", ...sheet(kept) },
  "packet-kept-elsewhere": {
    shows: "packetMore.otherReview",
    ...sheet(kept),
    async reach(t) {
      await opened(t);
      await press(t("packetMore.other"));
      await write(t("packetMore.otherAddress"), `0x${"d".repeat(40)}`);
      await press(t("money.review"));
    },
  },
  "packet-stuck": {
    shows: "packetMore.restStuck",
    show: card(stuck, {}, { outgoing: true }),
  },
  "packet-stuck-sheet": {
    shows: "packetMore.refundStopped",
    ...sheet(stuck, { refund: () => Promise.reject(new PageError("PAYMENT_REFUSED")) }, true),
  },
  "packets-history": {
    shows: "packetHistory.unsure",
    ...history({
      history: async () => ({ packets: entries, sums: [{ asset, given: 88n * one, got: 3n * one }] }),
      allowances: async () => [{ asset, owner: `0x${"c".repeat(40)}`, amount: one }],
    }),
  },
  "packets-unread": {
    shows: "errors.STORE_FAILED",
    ...history({ history: () => Promise.reject(new PageError("STORE_FAILED")) }),
  },
  "packets-empty": { shows: "packetHistory.empty", ...history({ history: async () => ({ packets: [], sums: [] }) }) },
};
