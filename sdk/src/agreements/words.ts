import type { AgreementLanguage, InBoth, SilenceOutcome } from "../types/agreements.ts";

/** Words around what people fill in. A released sentence is never changed: signed texts are written anew from it. */

export const words = {
  made: {
    en: "Template {template}, version {version}. Chain {chain}.",
    "zh-CN": "模板：{template}，第{version}版。链：{chain}。",
  },
  parties: { en: "Parties", "zh-CN": "当事人" },
  arbiter: { en: "Arbiter", "zh-CN": "仲裁人" },
  party: { en: "{role}: {name}", "zh-CN": "{role}：{name}" },
  wallet: { en: "wallet {wallet}", "zh-CN": "钱包 {wallet}" },
  identity: { en: "identity {identity}", "zh-CN": "身份 {identity}" },
  payment: { en: "Payment", "zh-CN": "付款" },
  work: {
    en: "The {payer} pays the {payee} {total} in {count} milestones. The money of a milestone lies in the escrow contract of this agreement from when it is paid in until the milestone is settled.",
    "zh-CN":
      "{payer}向{payee}支付共 {total}，分 {count} 个阶段。每一阶段的款项自存入起由本协议的托管合约保管，直至该阶段结清。",
  },
  sale: {
    en: "The {payer} pays the {payee} {total} in {count} instalments.",
    "zh-CN": "{payer}向{payee}支付共 {total}，分 {count} 期。",
  },
  token: { en: "{symbol} is the token {token} on this chain.", "zh-CN": "{symbol} 指本链上的代币 {token}。" },
  coin: { en: "{symbol} is this chain's own coin.", "zh-CN": "{symbol} 指本链的原生币。" },
  submitBy: { en: "{amount}, to be handed in by {due}", "zh-CN": "{amount}，{due} 前提交" },
  payBy: { en: "{amount}, to be paid by {due}", "zh-CN": "{amount}，{due} 前支付" },
  silence: { en: "When somebody does not act", "zh-CN": "一方不作为时" },
  noSubmission: {
    en: "If nothing is handed in by the due date: {outcome}.",
    "zh-CN": "到期未提交的：{outcome}。",
  },
  noReview: {
    en: "The {payer} has {time} to accept or reject what was handed in. If they do neither: {outcome}.",
    "zh-CN": "{payer}应在提交后 {time}内验收或退回；逾期未表示的：{outcome}。",
  },
  rejection: {
    en: "The {payee} has {time} after a rejection to hand in again or to ask an arbiter. If they do neither: {outcome}.",
    "zh-CN": "被退回后，{payee}应在 {time}内重新提交或申请仲裁；逾期未表示的：{outcome}。",
  },
  retained: {
    en: "{share} of each instalment stay in the escrow contract of this agreement until all are paid.",
    "zh-CN": "每期款项的 {share} 留存在本协议的托管合约中，至全部付清。",
  },
  afterLast: {
    en: "After the last payment the {payer} has {time} to release or dispute what was kept. Then it goes to the {payee}.",
    "zh-CN": "末期付清后，{payer}应在 {time}内放款或提出争议；逾期，留存款归{payee}。",
  },
  default: {
    en: "When an instalment is not paid {time} after its date, either side may declare a default: the {payee} gets {share} of what was kept, the {payer} the rest. What was paid out stays paid.",
    "zh-CN":
      "某期款项逾期 {time}仍未支付的，任何一方可以宣告违约：留存款的 {share} 归{payee}，其余归{payer}；已付出的款项不退。",
  },
  dispute: {
    en: "While its time has not run out either side may ask the arbiter about a milestone. The arbiter divides its money between the two within {time}. Without a ruling the {payee} gets {share} and the {payer} the rest.",
    "zh-CN":
      "在期限届满之前，任何一方可以将某一阶段提交仲裁人。仲裁人应在 {time}内裁定双方各得多少；逾期未裁定的，{payee}得 {share}，其余归{payer}。",
  },
  alone: {
    en: "There is no arbiter: what the two do not settle themselves ends as written above.",
    "zh-CN": "不设仲裁人：双方未能自行解决的，按上文处理。",
  },
  consent: {
    en: "The {payee} may give back, and the {payer} may release, at any time. Both together may change a date or end everything.",
    "zh-CN": "{payee}可随时退款，{payer}可随时放款；双方同意，可以改期或终止协议。",
  },
  signing: { en: "Signing", "zh-CN": "签署" },
  signBy: {
    en: "This agreement holds when all parties have signed this text, at the latest on {date}.",
    "zh-CN": "全体当事人签署本文后协议生效，最迟签署时间为 {date}。",
  },
} as const satisfies Record<string, InBoth>;

export const outcomeWords: Readonly<Record<SilenceOutcome, InBoth>> = {
  wait: {
    en: "nothing happens by itself, and either side may ask the arbiter",
    "zh-CN": "不自动处理，任何一方可以提交仲裁人",
  },
  refund: { en: "the money of the milestone goes back to the {payer}", "zh-CN": "该阶段款项退还{payer}" },
  release: { en: "the money of the milestone goes to the {payee}", "zh-CN": "该阶段款项付给{payee}" },
  split: { en: "the {payee} gets {share} and the {payer} the rest", "zh-CN": "{payee}得 {share}，其余退还{payer}" },
  arbiter: { en: "the arbiter decides", "zh-CN": "由仲裁人裁定" },
};

/** Puts values where `{name}` stands; a value is never looked into. */
export const put = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** Whole hours. @param seconds a multiple of 3,600 */
export function sayTime(seconds: number, language: AgreementLanguage): string {
  const hours = seconds / 3600;
  const [count, unit] = hours % 24 === 0 ? [hours / 24, "day"] : [hours, "hour"];
  if (language === "zh-CN") return `${count} ${unit === "day" ? "天" : "小时"}`;
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}

/** @param share in 1/10,000 */
export const sayShare = (share: number): string => `${share / 100} %`;

/** @param seconds Unix time */
export const sayDate = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** Exact, without grouping, the same everywhere. */
export function sayAmount(amount: bigint, { symbol, decimals }: { symbol: string; decimals: number }): string {
  const digits = amount.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${whole}${fraction ? `.${fraction}` : ""} ${symbol}`;
}
