import { readPrice } from "../chain/actions/readPrice.ts";
import { readContract } from "../chain/chain.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { membershipAbi } from "../generated/index.ts";
import { isControllerOf } from "../identity/controller.ts";
import { ownIdentity } from "../packets/verified.ts";
import type { FeeQuote } from "../types/fees.ts";
import type { Address, Hex } from "../types/primitives.ts";

export const maxUnits = 1_000_000;

export interface Plan extends FeeQuote {
  payer: Address;
  /** The key that pays alone: credit reaches, and this device may use it. */
  controller: Hex | undefined;
}

/** What a use costs and where it comes from: two operators must agree. @throws SkrumbleError see `Fees.quote` */
export async function planFee(core: Core, { feature, units }: { feature: string; units: number }): Promise<Plan> {
  if (!Number.isSafeInteger(units) || units < 1 || units > maxUnits) throw new SkrumbleError("INPUT_INVALID");
  const { chain, self, signal } = core;
  const options = { quorum: true, signal };
  const [price, own] = await Promise.all([readPrice(chain, feature, options), ownIdentity(core)]);
  if (price === undefined) throw new SkrumbleError("FEE_NOT_FOR_SALE");
  if (!own) throw new SkrumbleError("IDENTITY_REVOKED");
  const membership = { address: chain.network.contracts.membership, abi: membershipAbi };
  const credit = await readContract(chain, { ...membership, functionName: "creditOf", args: [own.owner] }, options);
  const total = price * BigInt(units);
  const fromCredit = credit < total ? credit : total;
  const controller = fromCredit === total && isControllerOf(own, self.controller) ? self.controller : undefined;
  const needsWallet = controller === undefined;
  return { price, fromCredit, fromWallet: total - fromCredit, needsWallet, payer: own.owner, controller };
}
