import { MoneyPreview } from "../../features/chats/money-preview.tsx";
import { Quoted } from "../../features/message/quoted.tsx";
import MoneySection from "../../features/money/money-section.tsx";
import SendSheet from "../../features/money/send-sheet.tsx";
import { UntoldPayments } from "../../features/money/untold-payments.tsx";
import { PageError } from "../../lib/errors.ts";
import type {
  Asset,
  ConversationMoney,
  Money,
  PayableChain,
  PaymentBody,
  PaymentReview,
  RequestBody,
} from "../../lib/types.ts";
import { textMessage } from "../fake-client.ts";
import { one, skm } from "./payments.tsx";
import { enter, me, others, pairIn, press, Rows, type Scene, type States, write } from "./stage.tsx";

const home: PayableChain = { chainId: 1, name: "Skrumble", home: true };
const other: PayableChain = {
  chainId: 137,
  name: "Far Harbour Mainnet",
  home: false,
  explorer: "https://look.example",
};
const sec: Asset = {
  ...{ chainId: 137, token: `0x${"0".repeat(40)}`, symbol: "FHM", name: "Harbour coin", decimals: 18 },
  ...{ listed: true, moves: "transaction" },
};
const wei = others("en")[0].publicId;
const asset = { chainId: 137, token: sec.token } as const;
const hash = `0x${"feed".repeat(16)}` as const;

const both: Partial<Money> = {
  chains: async () => [home, other],
  holdings: async (chainId) =>
    chainId === 137 ? [{ asset: sec, balance: 7n * one }] : [{ asset: skm, balance: 100n * one }],
  asset: async ({ chainId }) => (chainId === 137 ? sec : skm),
};
const away: Partial<Money> = {
  ...both,
  holdings: async (chainId) => {
    if (chainId === 137) throw new PageError("CHAIN_UNREACHABLE");
    return [{ asset: skm, balance: 100n * one }];
  },
};
const gone: Partial<Money> = {
  ...both,
  chains: async () => [home],
  asset: async ({ chainId }) => {
    if (chainId === 137) throw new PageError("CHAIN_UNKNOWN");
    return skm;
  },
};
const there: PaymentReview = {
  ...{ to: wei, amount: 2n * one, asset: sec, recipient: `0x${"a".repeat(40)}`, balance: 7n * one },
  ...{ first: true, changed: false, elsewhere: { chain: other, coin: sec, fee: one / 100n, contract: true } },
};
const open = (money: Partial<Money>, conversation: Partial<ConversationMoney> = {}) =>
  enter({ conversation: { money: conversation as ConversationMoney }, client: { money: money as Money } });

const payment: PaymentBody = {
  type: "payment",
  asset,
  amount: 5n * one,
  to: me.publicId,
  state: "sent",
  transaction: hash,
};
const request: RequestBody = {
  ...{ type: "request", asset, amount: 5n * one, state: "open", from: [me.publicId], paid: [] },
};
const bodies = [payment, { ...payment, state: "final" }, request] as const;
const told = bodies.map((body, index) => textMessage(`m${index}`, Date.now(), { from: wei, body }));
const quote = { id: "1", from: wei, preview: "", state: "known", type: "payment", asset } as const;
const untold = {
  id: "a",
  conversationId: "c",
  at: Date.now(),
  to: wei,
  asset,
  amount: 5n * one,
  state: "sent",
} as const;

const places = ["sent", "final", "request"];
const Everywhere = () => (
  <div style={{ maxWidth: 480, margin: "0 auto", padding: 12 }}>
    <h2>…</h2>
    {bodies.map((body, index) => (
      <MoneyPreview key={places[index]} body={body} said={(text) => text} />
    ))}
    <Quoted quote={quote} nameOf={() => "wei"} onJump={() => {}} />
    <UntoldPayments payments={[{ ...untold, transaction: hash }]} onOpen={() => {}} />
  </div>
);
const choosing = (money: Partial<Money>): Scene => ({
  show: (language) => <SendSheet model={open(money)} summary={pairIn(language)} onClose={() => {}} />,
  async reach(t) {
    await press(new RegExp(t("money.chooseAsset")));
    await press(t("otherChains.look"));
  },
});

/** Money on another chain than the network's own, which every operator configures. */
export const chains: States = {
  "chains-choose": { shows: "money.addToken", ...choosing(both) },
  "chains-away": { shows: "money.chainAway", ...choosing(away) },
  "chains-me": {
    shows: "money.title",
    show: () => {
      open(both);
      return <MoneySection />;
    },
    reach: (t) => press(t("otherChains.look")),
  },
  "chains-review": {
    shows: "money.warn.contract",
    show: (language) => (
      <SendSheet model={open(both, { review: async () => there })} summary={pairIn(language)} onClose={() => {}} />
    ),
    async reach(t) {
      await press(new RegExp(t("money.chooseAsset")));
      await press(t("otherChains.look"));
      await press(/FHM/);
      await write(t("money.amount"), "2");
      await press(t("money.review"));
    },
  },
  "chains-cards": {
    shows: "money.says.sentElsewhere",
    show: (language) => <Rows messages={told} model={open(both)} summary={pairIn(language)} />,
  },
  "chains-cards-unknown": {
    shows: "money.uncheckedPayment",
    show: (language) => <Rows messages={told} model={open(gone)} summary={pairIn(language)} />,
  },
  "chains-lists": {
    shows: "money.onChain",
    show: () => {
      open(both);
      return <Everywhere />;
    },
  },
  "chains-lists-unknown": {
    shows: "money.unchecked",
    show: () => {
      open(gone);
      return <Everywhere />;
    },
  },
};
