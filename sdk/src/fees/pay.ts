import { formatUnits } from "viem";
import * as z from "zod";
import { feeReceipt, feeTypedData, payFee } from "../chain/actions/payFee.ts";
import { readBalance } from "../chain/actions/readBalance.ts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import { featureId } from "../chain/actions/readPrice.ts";
import { readReceipt } from "../chain/actions/readReceipt.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import { toHex, utf8 } from "../crypto/bytes.ts";
import { hkdf } from "../crypto/hash.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../errors/index.ts";
import { ensureChain, signChecked } from "../identity/wallet.ts";
import { sameAddress } from "../packets/verified.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Fee, FeeInput, PaidFee } from "../types/fees.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { maxUnits, type Plan, planFee } from "./quote.ts";
import { dropFee, type FeeRecord, keepFee, loadFee } from "./records.ts";

/** Nodes may be a block behind the one that had the receipt. */
const looks = 20;
const pause = 300;

/** Seconds that terms must still hold to be used again. */
const leastLeft = 1800;
/** After these the next try signs anew. */
const refusals: readonly ErrorCode[] = [
  ...(["FEE_NOT_PAID", "FEE_PRICE_ROSE", "FEE_CREDIT_SPENT", "FEE_NOT_FOR_SALE"] as const),
  ...(["AMOUNT_OVER_BALANCE", "WALLET_FAILED", "CHAIN_REJECTED"] as const),
];

const schema = z.object({
  feature: z.string(),
  units: z.int().min(1).max(maxUnits),
  beneficiary: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  reference: z.string().min(1).max(256),
});

/** Pays for a use. @throws SkrumbleError see `Fees.pay` */
export function payForUse(core: Core, input: FeeInput, wallet?: WalletSigner): Promise<PaidFee> {
  // One after the other: the second must know what credit the first has left.
  return core.serial.run("fees", async () => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new SkrumbleError("INPUT_INVALID", { details: "Not a use to pay for." });
    const use = { ...parsed.data, beneficiary: parsed.data.beneficiary as Address, feature: featureId(input.feature) };
    const salt = saltOf(core, use.reference);
    const before = await loadFee(core, salt);
    if (before && !isSame(before.fee, use)) throw new SkrumbleError("FEE_PAID_ELSEWHERE");
    if (before?.paid) return paidOf(core, before);
    const plan = await planFee(core, input);
    if (await isPaid(core, plan.payer, salt, before)) return paidOf(core, before as FeeRecord);
    const record = await goOn(core, before, { ...use, salt }, plan, wallet);
    return bring(core, record, plan);
  });
}

/**
 * The same on all devices of the person, so that a use is paid once whichever of them is closed in the middle; to others a random
 * number.
 */
const saltOf = ({ self }: Core, reference: string): Hex =>
  toHex(hkdf(self.identityKey.secret, utf8(reference), utf8("skrumble usage fee v1"), 32)) as Hex;

const isSame = (fee: Fee, use: { feature: Hex; units: number; beneficiary: Address }): boolean =>
  fee.feature === use.feature && fee.units === use.units && sameAddress(fee.beneficiary, use.beneficiary);

const paidOf = ({ chain }: Core, { fee }: FeeRecord): PaidFee => ({ fee, receipt: feeReceipt(chain, fee) });

/** @throws SkrumbleError FEE_PAID_ELSEWHERE: the salt is used, and not for what is written down here */
async function isPaid(core: Core, payer: Address, salt: Hex, record: FeeRecord | undefined): Promise<boolean> {
  const { chain, signal } = core;
  const receipt = await readReceipt(chain, { payer, salt }, { quorum: true, signal });
  if (receipt === undefined) return false;
  if (!record || feeReceipt(chain, record.fee) !== receipt) throw new SkrumbleError("FEE_PAID_ELSEWHERE");
  await keepFee(core, { ...record, paid: true });
  return true;
}

/** What was signed before, where it still holds; else terms at today's price, written down and then signed. */
async function goOn(
  core: Core,
  before: FeeRecord | undefined,
  use: Pick<Fee, "feature" | "units" | "beneficiary" | "salt">,
  plan: Plan,
  wallet: WalletSigner | undefined,
): Promise<FeeRecord> {
  const { chain, signal } = core;
  const deadline = Number(await readDeadline(chain, core.now(), signal));
  const { payer, price, fromCredit } = plan;
  const { feature, units, beneficiary, salt } = use;
  const holds =
    before !== undefined &&
    !before.refused &&
    sameAddress(before.fee.payer, payer) &&
    before.fee.deadline > deadline - leastLeft &&
    before.fee.price >= price &&
    before.fee.credit <= fromCredit;
  if (holds && before.signature) return before;
  // What is signed anew under the same salt is not paid beside what was signed before.
  const anew: Fee = { payer, beneficiary, feature, units, price, credit: fromCredit, deadline, salt };
  const fee = holds ? before.fee : anew;
  if (plan.needsWallet) await readyWallet(core, plan, wallet);
  await keepFee(core, { fee });
  if (!plan.needsWallet || !wallet) return { fee };
  try {
    const { bytes } = await signChecked(chain, wallet, feeTypedData(chain, fee), signal);
    const signed: FeeRecord = { fee, signature: toHex(bytes) as Hex };
    await keepFee(core, signed);
    return signed;
  } catch (error) {
    // Without the wallet's word nothing of it stays.
    if (!signal.aborted) await dropFee(core, salt);
    throw error;
  }
}

async function readyWallet(core: Core, { payer, fromWallet }: Plan, wallet: WalletSigner | undefined): Promise<void> {
  const { chain, signal } = core;
  if (!wallet) throw new SkrumbleError("FEE_NEEDS_WALLET", { values: { missing: formatUnits(fromWallet, 18) } });
  if (!sameAddress(wallet.address, payer)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  await ensureChain(chain, wallet, signal);
  const balance = await readBalance(chain, chain.network.contracts.skm, payer, { signal });
  if (balance < fromWallet) throw new SkrumbleError("AMOUNT_OVER_BALANCE");
}

/** To the chain, from wherever it got. */
async function bring(core: Core, record: FeeRecord, { payer, controller }: Plan): Promise<PaidFee> {
  const { chain, signal } = core;
  const { fee, signature } = record;
  const by = signature !== undefined ? { signature } : controller !== undefined ? { controller } : undefined;
  if (!by) throw new SkrumbleError("FEE_NEEDS_WALLET", { values: { missing: "0" } });
  try {
    await payFee(chain, { fee, by }, { signal });
  } catch (error) {
    // It may be there all the same: whoever saw it can submit it.
    if (!signal.aborted && (await isPaid(core, payer, fee.salt, record).catch(() => false)))
      return paidOf(core, record);
    if (refusals.includes(codeOf(error))) await keepFee(core, { ...record, refused: true });
    throw error;
  }
  for (let turn = 0; turn < looks && !signal.aborted; turn++) {
    if (await isPaid(core, payer, fee.salt, record)) return paidOf(core, record);
    await pauseFor(signal, pause);
  }
  throw new SkrumbleError(signal.aborted ? "ABORTED" : "CHAIN_UNREACHABLE");
}
