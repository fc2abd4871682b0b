import HistorySheet from "../../features/money/history-sheet.tsx";
import SendSheet from "../../features/money/send-sheet.tsx";
import { useConnection } from "../../features/shell/connection.ts";
import { PageError } from "../../lib/errors.ts";
import type { Language } from "../../lib/language.ts";
import type {
  Asset,
  ConversationMoney,
  Money,
  PaymentBody,
  PaymentReview,
  RequestBody,
  UntoldPayment,
} from "../../lib/types.ts";
import { textMessage } from "../fake-client.ts";
import { enter, groupIn, me, others, pairIn, press, Rows, type Scene, type States, write } from "./stage.tsx";

export const one = 10n ** 18n;
const token = `0x${"5".repeat(40)}` as const;
export const skm: Asset = {
  ...{ chainId: 1, token, symbol: "SKM", name: "Skrumble", decimals: 18, listed: true, moves: "signature" },
};
const hash = `0x${"feed".repeat(16)}` as const;
const wei = others("en")[0].publicId;
const asset = { chainId: 1, token } as const;

function open(conversation: Partial<ConversationMoney> = {}, more: Partial<Money> = {}) {
  const money: Partial<Money> = {
    chains: async () => [{ chainId: 1, name: "Skrumble", home: true }],
    holdings: async () => [{ asset: skm, balance: 100n * one }],
    asset: async () => skm,
    untold: async () => [],
    history: async () => [],
    ...more,
  };
  return enter({
    conversation: { money: conversation as ConversationMoney },
    client: { money: money as Money },
    conversations: {},
  });
}

const note = { en: "for the tea, and the cake that nobody wanted", "zh-CN": "上次喝茶的钱，还有那块没人要吃的蛋糕" };
const payment = (more: Partial<PaymentBody>): PaymentBody => ({
  ...{ type: "payment", asset, amount: 5n * one, to: wei, state: "sent" },
  ...more,
});
const mine: Partial<PaymentBody>[] = [
  { state: "signed" },
  { state: "sent", code: "CHAIN_UNREACHABLE" },
  { state: "unsure" },
  { state: "failed", code: "CHAIN_REJECTED", transaction: hash },
  { state: "differs", moved: { amount: 3n * one, wallet: `0x${"c".repeat(40)}`, elsewhere: true } },
  { state: "final", transaction: hash },
];
const cards = (list: readonly Partial<PaymentBody>[], outgoing: boolean, language: Language) =>
  list.map((more, index) => {
    const from = outgoing ? me.publicId : wei;
    const to = outgoing ? wei : me.publicId;
    const body = payment({ to, note: note[language], ...more });
    return textMessage(`m${index}`, Date.now() - 60_000 * (9 - index), { outgoing, from, body });
  });

const review: PaymentReview = {
  ...{ to: wei, amount: 2n * one, asset: skm, recipient: `0x${"a".repeat(40)}`, balance: 100n * one },
  ...{ first: false, changed: false },
};
const sending = (given: Partial<PaymentReview>, pay?: ConversationMoney["pay"]): Scene => ({
  show: (language) => {
    const model = open({ review: async () => ({ ...review, ...given }), ...(pay ? { pay } : {}) });
    return <SendSheet model={model} summary={pairIn(language)} onClose={() => {}} />;
  },
  async reach(t) {
    await write(t("money.amount"), "2");
    await press(t("money.review"));
    if (pay) await press(t("money.sendAmount", { amount: `2 ${given.asset?.symbol ?? "SKM"}` }));
  },
});
const refusing = (code: "PAYMENT_UNSURE" | "PAYMENT_ELSEWHERE" | "WALLET_REFUSED") =>
  sending({}, () => Promise.reject(new PageError(code)));

const kept = { conversationId: "c", at: Date.now() - 7_200_000, to: wei, asset, amount: 5n * one } as const;
const untold: UntoldPayment[] = [
  { ...kept, id: "a", state: "unsure" },
  { ...kept, id: "b", state: "sent", transaction: hash },
  { ...kept, id: "c", state: "unsure", transaction: hash },
  { ...kept, id: "d", state: "differs", moved: 3n * one, transaction: hash },
  { ...kept, id: "e", state: "failed", code: "PAYMENT_REPLACED" },
  { ...kept, id: "f", state: "final", transaction: hash },
];
const history = (more: Partial<Money>): Scene => ({
  show: () => {
    open({}, more);
    return <HistorySheet onClose={() => {}} />;
  },
});

const requests = (language: Language): RequestBody[] => {
  const [wei, notary] = others(language).map(({ publicId }) => publicId) as [
    RequestBody["from"][0],
    typeof me.publicId,
  ];
  const open: RequestBody = {
    ...{ type: "request", asset, amount: 5n * one, state: "open", note: note[language] },
    ...{ from: [me.publicId, notary], paid: [notary] },
  };
  return [
    open,
    { ...open, parts: [{ person: me.publicId, amount: 3n * one }] },
    { ...open, from: [me.publicId], paid: [me.publicId] },
    { ...open, from: [wei, notary], paid: [wei] },
    { ...open, state: "withdrawn" },
  ];
};

/** Payments as they are when something is in the way. */
export const payments: States = {
  "payments-mine": {
    shows: "money.says.unsure",
    show: (language) => <Rows messages={cards(mine, true, language)} model={open()} summary={pairIn(language)} />,
  },
  "payments-theirs": {
    shows: "money.says.failed",
    show: (language) => <Rows messages={cards(mine, false, language)} model={open()} summary={groupIn(language)} />,
  },
  "payments-standing": {
    shows: "line.waits",
    show: (language) => {
      const model = open();
      useConnection.setState({ chain: "stalled" });
      return <Rows messages={cards([{ state: "signed" }], true, language)} model={model} summary={pairIn(language)} />;
    },
  },
  requests: {
    shows: "money.partArrived",
    show: (language) => (
      <Rows
        messages={requests(language).map((body, index) =>
          textMessage(`r${index}`, Date.now(), { body, from: body.from.includes(me.publicId) ? wei : me.publicId }),
        )}
        model={open({ review: async () => review })}
        summary={groupIn(language)}
      />
    ),
  },
  "send-warnings": {
    shows: "money.warn.changed",
    ...sending({ first: true, changed: true, lookAlike: "wei-", asset: { ...skm, listed: false } }),
  },
  "send-stopped": { shows: "errors.IDENTITY_REVOKED", ...sending({ problem: { code: "IDENTITY_REVOKED" } }) },
  "send-refused": { shows: "errors.WALLET_REFUSED", ...refusing("WALLET_REFUSED") },
  "send-in-doubt": { shows: "money.sendAnyway", ...refusing("PAYMENT_UNSURE") },
  "send-elsewhere": { shows: "money.sendAlso", ...refusing("PAYMENT_ELSEWHERE") },
  "payments-untold": { shows: "moneyMore.untoldUnsure", ...history({ untold: async () => untold }) },
  "payments-empty": { shows: "money.historyEmpty", ...history({}) },
  "payments-unread": {
    shows: "errors.STORE_FAILED",
    ...history({ history: () => Promise.reject(new PageError("STORE_FAILED")) }),
  },
};
