import * as z from "zod";
import { feeReceipt, payFee } from "../chain/actions/payFee.ts";
import { featureId, readPrice } from "../chain/actions/readPrice.ts";
import { readReceipt } from "../chain/actions/readReceipt.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { concat, fromHex, toHex, utf8 } from "../crypto/bytes.ts";
import { hkdf } from "../crypto/hash.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { FeeInput, PaidFee } from "../types/fees.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { dearer } from "./errors.ts";
import { maxUnits, planFee } from "./quote.ts";
import { type FeeRecord, type FeeTerms, keepFee, loadFee } from "./records.ts";
import { readyTerms, type Use } from "./terms.ts";

/** Nodes may be a block behind the one that had the receipt. */
const looks = 20;
const pause = 300;

/** After these the next try signs anew. */
const refusals: readonly ErrorCode[] = [
  ...(["FEE_NOT_PAID", "FEE_PRICE_ROSE", "FEE_CREDIT_SPENT", "FEE_NOT_FOR_SALE"] as const),
  ...(["AMOUNT_OVER_BALANCE", "WALLET_FAILED", "CHAIN_REJECTED"] as const),
];

const schema = z.object({
  feature: z.string(),
  units: z.int().min(1).max(maxUnits),
  price: z
    .bigint()
    .min(1n)
    .max(2n ** 128n - 1n),
  beneficiary: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  reference: z.string().min(1).max(256),
});

/** Pays for a use. @throws SkrumbleError see `Fees.pay` */
export function payForUse(core: Core, input: FeeInput, wallet?: WalletSigner): Promise<PaidFee> {
  // One after the other: the second must know what credit the first has left.
  return core.serial.run("fees", async () => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new SkrumbleError("INPUT_INVALID", { details: "Not a use to pay for." });
    const { units, price } = parsed.data;
    const use = { units, price, beneficiary: parsed.data.beneficiary as Address, feature: featureId(input.feature) };
    const salt = saltOf(core, use, parsed.data.reference);
    const before = (await loadFee(core, salt)) ?? { salt, terms: [] };
    const paid = before.paid && paidBy(core, before, before.paid, units);
    if (paid) return paid;
    const plan = await planFee(core, input);
    const found = await findPaid(core, before, plan.payer, units);
    if (found) return found;
    if (plan.price > price) throw dearer(price, plan.price);
    const { record, terms, by } = await readyTerms(core, before, use, plan, wallet);
    const look = () => findPaid(core, record, plan.payer, units);
    try {
      await payFee(core.chain, { fee: terms.fee, by }, { signal: core.signal });
    } catch (error) {
      const there = await afterRefusal(core, { record, terms, error, look });
      if (there) return there;
      if (codeOf(error) === "FEE_PRICE_ROSE") throw await nameBoth(core, input.feature, terms.fee.price, error);
      throw error;
    }
    return awaitPaid(core, look);
  });
}

/**
 * The same on all devices of the person, so that a use is paid once whichever of them is closed in the middle; to others a random
 * number. Feature and beneficiary are of one length, so that no other three give the same.
 */
const saltOf = ({ self }: Core, { feature, beneficiary }: Use, reference: string): Hex => {
  const what = concat(fromHex(feature), fromHex(beneficiary), utf8(reference));
  return toHex(hkdf(self.identityKey.secret, what, utf8("skrumble usage fee v2"), 32));
};

/** @throws SkrumbleError FEE_PAID_ELSEWHERE: the salt is used, and not for what is written down here, or for another number */
function paidBy({ chain }: Core, { terms }: FeeRecord, receipt: Hex, units: number): PaidFee {
  const fee = terms.map((one) => one.fee).find((one) => feeReceipt(chain, one) === receipt);
  if (fee?.units !== units) throw new SkrumbleError("FEE_PAID_ELSEWHERE");
  return { fee, receipt };
}

/**
 * Which of the terms were carried out, whoever did it. Also asked for wallets that the identity had before.
 * @throws SkrumbleError FEE_PAID_ELSEWHERE, and what {@link readReceipt} throws
 */
async function findPaid(core: Core, record: FeeRecord, payer: Address, units: number): Promise<PaidFee | undefined> {
  const { chain, signal } = core;
  const { salt, terms } = record;
  const payers = new Set([payer, ...terms.map(({ fee }) => fee.payer)].map((one) => one.toLowerCase() as Address));
  for (const one of payers) {
    const receipt = await readReceipt(chain, { payer: one, salt }, { quorum: true, signal });
    if (receipt === undefined) continue;
    if (terms.some(({ fee }) => feeReceipt(chain, fee) === receipt)) await keepFee(core, { ...record, paid: receipt });
    return paidBy(core, record, receipt, units);
  }
  return undefined;
}

interface Refusal {
  record: FeeRecord;
  terms: FeeTerms;
  error: unknown;
  look(): Promise<PaidFee | undefined>;
}

/**
 * It may be there all the same: whoever saw it can submit it, and so can another device. That nothing was taken is said only after
 * a look.
 */
async function afterRefusal(core: Core, { record, terms, error, look }: Refusal): Promise<PaidFee | undefined> {
  const code = codeOf(error);
  if (core.signal.aborted) throw error;
  if (code === "FEE_PAID_ELSEWHERE") return awaitPaid(core, look);
  const found = await look();
  if (found || !refusals.includes(code)) return found;
  const marked = record.terms.map((one): FeeTerms => (one === terms ? { ...one, refused: true } : one));
  await keepFee(core, { ...record, terms: marked });
  return undefined;
}

async function nameBoth({ chain, signal }: Core, feature: string, signed: bigint, error: unknown): Promise<unknown> {
  const now = await readPrice(chain, feature, { quorum: true, signal });
  return now !== undefined && now > signed ? dearer(signed, now) : error;
}

async function awaitPaid({ signal }: Core, look: () => Promise<PaidFee | undefined>): Promise<PaidFee> {
  for (let turn = 0; turn < looks && !signal.aborted; turn++) {
    const found = await look();
    if (found) return found;
    await pauseFor(signal, pause);
  }
  throw new SkrumbleError(signal.aborted ? "ABORTED" : "CHAIN_UNREACHABLE");
}
