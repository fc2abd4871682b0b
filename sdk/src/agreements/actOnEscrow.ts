import { encodeFunctionData } from "viem";
import type { Chain } from "../chain/chain.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../chain/submit.ts";
import { escrowAbi } from "../generated/index.ts";
import type { TypedDataRequest, WalletSigner } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { agreementRejections } from "./rejections.ts";
import { signWith } from "./signWith.ts";

/**
 * What a party or the arbiter can do with an escrow; the rules are in IEscrow. Amounts in base units, `evidence` and `reason`
 * 32-byte hashes of what stands in the conversation, times in Unix seconds.
 */
export type EscrowAction =
  | { do: "fund"; first: number; count: number }
  | { do: "submit"; index: number; evidence: Hex }
  | { do: "accept" | "refund"; index: number; amount: bigint }
  | { do: "reject" | "dispute"; index: number; reason: Hex }
  | { do: "rule"; index: number; toPayee: bigint }
  | { do: "extend"; index: number; due: number }
  | { do: "declareDefault"; index: number }
  | { do: "cancel"; toPayee: bigint }
  | { do: "sweep"; token: Address };

type Value = { name: string; type: "uint256" | "bytes32" | "address"; value: bigint | Hex };

const number = (name: string, value: number | bigint): Value => ({ name, type: "uint256", value: BigInt(value) });
const hash = (name: string, value: Hex): Value => ({ name, type: "bytes32", value });

function valuesOf(action: EscrowAction): Value[] {
  switch (action.do) {
    case "fund":
      return [number("first", action.first), number("count", action.count)];
    case "submit":
      return [number("index", action.index), hash("evidence", action.evidence)];
    case "accept":
    case "refund":
      return [number("index", action.index), number("amount", action.amount)];
    case "reject":
    case "dispute":
      return [number("index", action.index), hash("reason", action.reason)];
    case "rule":
      return [number("index", action.index), number("toPayee", action.toPayee)];
    case "extend":
      return [number("index", action.index), number("due", action.due)];
    case "declareDefault":
      return [number("index", action.index)];
    case "cancel":
      return [number("toPayee", action.toPayee)];
    case "sweep":
      return [{ name: "token", type: "address", value: action.token }];
  }
}

/** In the order of the contract's arguments, without who does it. */
export const actionValues = (action: EscrowAction): (bigint | Hex)[] => valuesOf(action).map(({ value }) => value);

/** The name of the EIP-712 type is the function's, with a capital. */
const typeOf = (action: EscrowAction): string => action.do.charAt(0).toUpperCase() + action.do.slice(1);

export function escrowTypedData(
  chainId: number,
  escrow: Address,
  action: EscrowAction,
  { step, deadline }: { step: bigint; deadline: bigint },
): TypedDataRequest {
  const values = [...valuesOf(action), number("step", step), number("deadline", deadline)];
  return {
    domain: { name: "Skrumble Escrow", version: "1", chainId, verifyingContract: escrow },
    types: { [typeOf(action)]: values.map(({ name, type }) => ({ name, type })) },
    primaryType: typeOf(action),
    message: Object.fromEntries(values.map(({ name, value }) => [name, value])),
  };
}

/**
 * One prompt of the wallet, then anybody's key carries it to the chain. It holds for the state its author saw and for no other:
 * when the milestone has moved on meanwhile nothing happens.
 * @param seen `step` of the milestone, or of the escrow for `fund`, `cancel` and `sweep`: see {@link readEscrow}
 * @param deadline Unix seconds: last moment for the chain to take it; of a consent (`extend`, `cancel`) the last for the other side
 * @throws SkrumbleError ESCROW_MOVED_ON, ESCROW_TOO_LATE, ESCROW_TOO_EARLY, ESCROW_NOT_YOURS, ESCROW_UNDERFUNDED, ESCROW_AMOUNT_TOO_HIGH, AMOUNT_INVALID,
 * WALLET_CHANGED_ACCOUNT, and what the wallet and {@link submit} throw
 */
export async function actOnEscrow(
  chain: Chain,
  escrow: Address,
  action: EscrowAction,
  by: { wallet: WalletSigner; seen: bigint; deadline: bigint },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { wallet, seen: step, deadline } = by;
  const typed = escrowTypedData(chain.network.chainId, escrow, action, { step, deadline });
  const signature = await signWith(chain, wallet, typed, options.signal);
  return submit(chain, actionCall(escrow, action, { signer: wallet.address, step, deadline, signature }), options);
}

interface Authorisation {
  signer: Address;
  step: bigint;
  deadline: bigint;
  signature: Hex;
}

/** A call of an escrow as {@link submit} brings it to the chain. */
export type EscrowCall = Parameters<typeof submit>[1];

export function actionCall(
  escrow: Address,
  action: EscrowAction,
  authorisation: Authorisation,
  rejections = agreementRejections,
): EscrowCall {
  const args = [...actionValues(action), authorisation];
  // The arguments follow from the action's kind as the ABI has them; a test holds each against the contract.
  const data = encodeFunctionData({ abi: escrowAbi, functionName: action.do, args: args as never });
  return { to: escrow, data, abi: escrowAbi, rejections };
}

/** Without an authorisation the contract says one of these where the money is not there. */
const fundRejections = {
  ...agreementRejections,
  ...({ EscrowWrongStep: "ESCROW_UNDERFUNDED", EscrowDeadlinePassed: "ESCROW_UNDERFUNDED" } as const),
};

/** Counts money that lies in the escrow already for milestones; nobody is asked for that. */
export const fundCall = (escrow: Address, { first, count }: { first: number; count: number }): EscrowCall =>
  actionCall(
    escrow,
    { do: "fund", first, count },
    { signer: escrow, step: 0n, deadline: 0n, signature: "0x" },
    fundRejections,
  );

export const settleCall = (escrow: Address, index: number): EscrowCall => ({
  to: escrow,
  data: encodeFunctionData({ abi: escrowAbi, functionName: "settle", args: [BigInt(index)] }),
  ...{ abi: escrowAbi, rejections: agreementRejections },
});

/**
 * Does what the terms say when a time has run out. Anybody's to do.
 * @throws SkrumbleError ESCROW_TOO_EARLY, ESCROW_WAITS (the terms leave it to the two), ESCROW_MOVED_ON, and what {@link submit} throws
 */
export const settleMilestone = (
  chain: Chain,
  escrow: Address,
  index: number,
  options: SubmitOptions = {},
): Promise<TransactionReceipt> => submit(chain, settleCall(escrow, index), options);
