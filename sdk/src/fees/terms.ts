import { feeTypedData } from "../chain/actions/payFee.ts";
import { readBalance } from "../chain/actions/readBalance.ts";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import { readReceipt } from "../chain/actions/readReceipt.ts";
import type { Core } from "../client/core.ts";
import { toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { ensureChain, signChecked } from "../identity/wallet.ts";
import { sameAddress } from "../packets/verified.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Fee } from "../types/fees.ts";
import type { Hex } from "../types/primitives.ts";
import { needsWallet } from "./errors.ts";
import type { Plan } from "./quote.ts";
import { type FeeRecord, type FeeTerms, keepFee, mostTerms } from "./records.ts";

/** Seconds that terms must still hold to be used again. */
const leastLeft = 1800;

/** What `readyTerms` is asked for: `price` is the most that a unit may cost. */
export type Use = Pick<Fee, "feature" | "units" | "beneficiary" | "price">;

/**
 * Terms that can be carried out now: those signed before, where they still hold; else new ones at today's price, written down and
 * then signed. The earlier ones stay written down: whoever has them can carry them out until their deadline.
 */
export async function readyTerms(
  core: Core,
  before: FeeRecord,
  use: Use,
  plan: Plan,
  wallet: WalletSigner | undefined,
): Promise<{ record: FeeRecord; terms: FeeTerms; by: { signature: Hex } | { controller: Hex } }> {
  const { chain, signal } = core;
  const deadline = Number(await readDeadline(chain, core.now(), signal));
  const { payer, price, fromCredit, controller } = plan;
  const holds = ({ fee, refused }: FeeTerms): boolean =>
    !refused &&
    sameAddress(fee.payer, payer) &&
    fee.units === use.units &&
    fee.deadline > deadline - leastLeft &&
    fee.price >= price &&
    fee.price <= use.price &&
    fee.credit <= fromCredit;
  const held = before.terms.filter(holds);
  const signed = held.findLast(({ signature }) => signature !== undefined);
  if (signed?.signature) return { record: before, terms: signed, by: { signature: signed.signature } };

  const signer = controller === undefined ? await readyWallet(core, plan, wallet) : controller;
  const { feature, units, beneficiary } = use;
  // What is signed anew under the same salt is not paid beside what was signed before.
  const fee: Fee = { payer, beneficiary, feature, units, price, credit: fromCredit, deadline, salt: before.salt };
  const known = held.at(-1);
  const terms: FeeTerms = known ?? { fee };
  const others = known ? before.terms.filter((one) => one !== known) : await withRoom(core, before);
  const record: FeeRecord = { ...before, terms: [...others, terms] };
  await keepFee(core, record);
  if (typeof signer === "string") return { record, terms, by: { controller: signer } };
  try {
    const { bytes } = await signChecked(chain, signer, feeTypedData(chain, terms.fee), signal);
    const signature = toHex(bytes);
    const now: FeeTerms = { ...terms, signature };
    const kept: FeeRecord = { ...before, terms: [...others, now] };
    await keepFee(core, kept);
    return { record: kept, terms: now, by: { signature } };
  } catch (error) {
    // Without the wallet's word nothing of new ones stays; those that were there may have been signed by the controller.
    if (!signal.aborted) await keepFee(core, known ? before : { ...before, terms: others });
    throw error;
  }
}

/**
 * The terms that may still be carried out, where there is no room for more. Over is what was not paid in a block that is as late as
 * its deadline.
 * @throws SkrumbleError FEE_TERMS_OPEN, CHAIN_UNREACHABLE, QUORUM_FAILED, ABORTED
 */
async function withRoom(core: Core, { salt, terms }: FeeRecord): Promise<FeeTerms[]> {
  if (terms.length < mostTerms) return terms;
  const { chain, signal } = core;
  const head = await readAgreedHead(chain, signal);
  const open: FeeTerms[] = [];
  for (const one of terms) {
    const { payer, deadline } = one.fee;
    const over = deadline <= head.timestamp;
    const at = { quorum: true, block: head.number, signal };
    if (!over || (await readReceipt(chain, { payer, salt }, at)) !== undefined) open.push(one);
  }
  if (open.length >= mostTerms) throw new SkrumbleError("FEE_TERMS_OPEN");
  return open;
}

async function readyWallet(core: Core, plan: Plan, wallet: WalletSigner | undefined): Promise<WalletSigner> {
  const { chain, signal } = core;
  if (!wallet) throw needsWallet(plan);
  if (!sameAddress(wallet.address, plan.payer)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  await ensureChain(chain, wallet, signal);
  const { skm } = chain.network.contracts;
  const balance = await readBalance(chain, skm, plan.payer, { quorum: true, signal });
  if (balance < plan.fromWallet) throw new SkrumbleError("AMOUNT_OVER_BALANCE");
  return wallet;
}
