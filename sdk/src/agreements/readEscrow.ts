import { type Chain, type ReadOptions, readContract } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import { escrowAbi } from "../generated/index.ts";
import type { SilenceOutcome } from "../types/agreements.ts";
import type { Address } from "../types/primitives.ts";
import { outcomeNames } from "./termsOf.ts";

/** In the order of IEscrow.State. */
const states = ["unfunded", "funded", "submitted", "rejected", "disputed", "settled"] as const;

export interface EscrowMilestone {
  state: (typeof states)[number];
  /** Held for it, in base units. */
  remaining: bigint;
  /** Unix seconds; later than in the terms when both agreed to that. */
  due: number;
  /** Names the present state in an action: see {@link actOnEscrow}. */
  step: bigint;
  /** The time that runs, and what happens after it. */
  timeout?: { at: number; outcome: SilenceOutcome };
}

export interface EscrowView {
  address: Address;
  milestones: EscrowMilestone[];
  /** For actions on all of it. */
  step: bigint;
  finished: boolean;
}

/**
 * How an escrow stands at the latest block. Two operators agree, unless `quorum` is false: people act on what it says.
 * @param count how many milestones the terms have
 * @throws SkrumbleError CHAIN_REJECTED (a state or outcome that this program does not know), and what {@link readContract} throws
 */
export async function readEscrow(
  chain: Chain,
  address: Address,
  count: number,
  { quorum = true, ...rest }: ReadOptions = {},
): Promise<EscrowView> {
  const options = { quorum, ...rest };
  const at = { address, abi: escrowAbi } as const;
  const milestone = async (index: number): Promise<EscrowMilestone> => {
    const args = [BigInt(index)] as const;
    const [found, [deadline, outcome]] = await Promise.all([
      readContract(chain, { ...at, functionName: "milestone", args }, options),
      readContract(chain, { ...at, functionName: "timeoutOf", args }, options),
    ]);
    const named = outcomeNames[outcome];
    const state = states[found.state];
    if (state === undefined || outcome >= outcomeNames.length)
      throw new SkrumbleError("CHAIN_REJECTED", { details: "An escrow with states of its own." });
    return {
      state,
      remaining: found.remaining,
      due: Number(found.due),
      step: BigInt(found.step),
      ...(named ? { timeout: { at: Number(deadline), outcome: named } } : {}),
    };
  };
  const [step, finished, milestones] = await Promise.all([
    readContract(chain, { ...at, functionName: "step", args: [] }, options),
    readContract(chain, { ...at, functionName: "isFinished", args: [] }, options),
    Promise.all(Array.from({ length: count }, (_, index) => milestone(index))),
  ]);
  return { address, milestones, step, finished };
}
