import { randomBytes, toHex } from "../../src/crypto/bytes.ts";
import type { AgreementDraft, AgreementParty, AgreementRules } from "../../src/types/agreements.ts";
import type { Address, Hex } from "../../src/types/primitives.ts";

const day = 86_400;
const loaded = Date.now() / 1000;
/** A whole minute, some days from when the test began: the same whenever it is asked for. */
export const inDays = (days: number): number => Math.ceil((loaded + days * day) / 60) * 60;

const address = (n: number): Address => `0x${n.toString(16).padStart(40, "0")}`;
const identity = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;

export const partyOf = (role: string, pseudonym: string, n: number, wallet = address(n)): AgreementParty => ({
  role,
  pseudonym,
  publicId: identity(n),
  wallet,
});

export const workRules: AgreementRules = {
  ...{ onNoSubmission: "refund", onNoReview: "release", onRejection: "split" },
  ...{ fallbackShare: 4_000, reviewTime: 5 * day, responseTime: 3 * day },
};

/** A freelance hire of three milestones, complete. */
export function hire(over: Partial<AgreementDraft> = {}): AgreementDraft {
  return {
    template: "freelance",
    version: 1,
    language: "en",
    chainId: 31_337,
    parties: [partyOf("client", "alice", 0xa11ce), partyOf("freelancer", "bob", 0xb0b)],
    values: {
      job: "A logo",
      requirements: "Blue.\nNo gradients.",
      deliverables: "One SVG file.",
      rights: "transfer",
    },
    money: {
      asset: { chainId: 31_337, token: address(0x5c), symbol: "SKM", decimals: 18 },
      milestones: ["Sketch", "Draft", "Final"].map((title, index) => ({
        title,
        amount: BigInt(index + 1) * 10n ** 18n,
        due: inDays(10 + index),
      })),
      rules: workRules,
    },
    signBy: inDays(7),
    salt: toHex(randomBytes(32)),
    ...over,
  };
}

/** Three people, no money. */
export const promise = (over: Partial<AgreementDraft> = {}): AgreementDraft => ({
  ...{ template: "plain", version: 1, language: "en", chainId: 31_337 },
  parties: [partyOf("party", "alice", 1), partyOf("party", "bob", 2), partyOf("party", "carol", 3)],
  values: { subject: "The garden", text: "We water it in turns." },
  signBy: inDays(7),
  salt: toHex(randomBytes(32)),
  ...over,
});

/** A bicycle in two parts, with an arbiter. */
export const sale = (over: Partial<AgreementDraft> = {}): AgreementDraft => ({
  ...{ template: "instalments", version: 1, language: "zh-CN", chainId: 31_337 },
  parties: [partyOf("buyer", "alice", 1), partyOf("seller", "bob", 2)],
  arbiter: partyOf("arbiter", "judy", 3),
  values: { goods: "一辆自行车，车架号 A-77", handover: "签署后三天内当面交付。", title: "paid" },
  money: {
    asset: { chainId: 31_337, token: address(0), symbol: "GAS", decimals: 18 },
    milestones: [
      { title: "首期", amount: 15n * 10n ** 17n, due: inDays(10) },
      { title: "尾款", amount: 5n * 10n ** 17n, due: inDays(40) },
    ],
    rules: {
      fallbackShare: 5_000,
      retainedShare: 1_250,
      reviewTime: 2 * day,
      responseTime: 36 * 3600,
      rulingTime: 7 * day,
    },
  },
  signBy: inDays(7),
  salt: toHex(randomBytes(32)),
  ...over,
});
