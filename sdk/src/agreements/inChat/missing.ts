import { readBalance } from "../../chain/actions/readBalance.ts";
import { readContract } from "../../chain/chain.ts";
import type { Core } from "../../client/core.ts";
import { SkrumbleError } from "../../errors/index.ts";
import { escrowAbi } from "../../generated/index.ts";
import type { Address } from "../../types/primitives.ts";
import { type EscrowView, readEscrow } from "../readEscrow.ts";
import type { EscrowMoney } from "./records.ts";

/** What lies in an escrow and belongs to no milestone and no account, two operators agreeing. @throws what reads throw */
export async function looseIn(core: Core, escrow: Address, token: Address): Promise<bigint> {
  const options = { quorum: true, signal: core.signal };
  const call = { address: escrow, abi: escrowAbi, functionName: "accounted", args: [] } as const;
  const held = await readBalance(core.chain, token, escrow, options);
  const accounted = await readContract(core.chain, call, options);
  return held > accounted ? held - accounted : 0n;
}

/**
 * What has to come in before milestones can be funded: money may lie there already. They are paid in their order: whoever counts
 * what lies there, anybody may, cannot choose another one for it.
 * @throws SkrumbleError ESCROW_MOVED_ON (there are none of these, or they are paid), ESCROW_EARLIER_UNPAID, and what reads throw
 */
export async function missingFor(
  core: Core,
  escrow: Address,
  { token, amounts }: EscrowMoney,
  { first, count }: { first: number; count: number },
): Promise<{ amount: bigint; escrow: EscrowView }> {
  const wanted = amounts.slice(first, first + count);
  const view = await readEscrow(core.chain, escrow, amounts.length, { signal: core.signal });
  const isOpen = view.milestones.slice(first, first + count).every(({ state }) => state === "unfunded");
  if (wanted.length < count || !isOpen) throw new SkrumbleError("ESCROW_MOVED_ON");
  if (view.milestones.slice(0, first).some(({ state }) => state === "unfunded"))
    throw new SkrumbleError("ESCROW_EARLIER_UNPAID");
  const needed = wanted.reduce((sum, amount) => sum + BigInt(amount), 0n);
  const loose = await looseIn(core, escrow, token);
  return { amount: needed > loose ? needed - loose : 0n, escrow: view };
}
