import { type Abi, decodeErrorResult, type Hex, keccak256 } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { type ErrorCode, SkrumbleError } from "../errors/index.ts";
import type { Address } from "../types/primitives.ts";
import { broadcast, offer } from "./broadcast.ts";
import type { Chain } from "./chain.ts";
import { findReceipt } from "./findReceipt.ts";
import { quorumRequest } from "./quorum.ts";
import { RpcError } from "./rpc.ts";
import type { RpcEndpoint } from "./types.ts";

export interface TransactionReceipt {
  hash: Hex;
  blockNumber: bigint;
}

export interface SubmitOptions {
  signal?: AbortSignal | undefined;
  /** How long to wait for the receipt, in milliseconds. Bridges a chain that stands still for a while. */
  timeout?: number;
  gas?: bigint;
  /** A node has it, for the first time. */
  onAccepted?(): void;
}

const pollEvery = 200;
const resendEvery = 3000;
/** A node that is starting refuses for a moment; one that refuses so often means it. */
const maxRefusals = 5;
/** Other relays may be away or a block behind: it is looked at again. */
const passing: ErrorCode[] = ["CHAIN_UNREACHABLE", "QUORUM_FAILED"];

/**
 * Sends a call and waits until it is in a block. Gas is free here, so each transaction comes from its own throw-away
 * key: nobody can link two of them by their sender. Sent again until it is mined, because a restarted node forgets
 * what it had not mined. That it failed counts only by the word of two operators.
 * @throws SkrumbleError CHAIN_REJECTED or the code `rejections` gives for a contract error; CHAIN_STALLED, CHAIN_UNREACHABLE, ABORTED
 */
export async function submit(
  chain: Chain,
  call: { to: Address; data: Hex; abi: Abi; rejections?: Record<string, ErrorCode> },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const account = privateKeyToAccount(generatePrivateKey());
  const raw = await account.signTransaction({
    type: "eip1559",
    chainId: chain.network.chainId,
    nonce: 0,
    gas: options.gas ?? 3_000_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    to: call.to,
    data: call.data,
  });
  const deadline = Date.now() + (options.timeout ?? 120_000);
  const hash = keccak256(raw);
  let sentAt = 0;
  let refusals = 0;
  let accepted = false;
  let other: RpcEndpoint | undefined;
  let last: unknown;
  while (Date.now() < deadline) {
    if (options.signal?.aborted) throw new SkrumbleError("ABORTED");
    try {
      if (Date.now() - sentAt >= resendEvery) {
        sentAt = Date.now();
        await broadcast(chain, raw, options.signal).catch((error) => {
          // Once a node has it, it may be in a block any time, whatever is said to it when it is sent again.
          if (!accepted) throw error;
          last = error;
        });
        // The one that took it may have kept it to itself, and whoever is asked of it may have stopped to follow the chain.
        if (accepted) other = offer(chain, raw, options.signal);
        if (!accepted) options.onAccepted?.();
        accepted = true;
      }
      const receipt = await findReceipt(chain, hash, other, options.signal);
      if (receipt?.status === "0x1") return { hash, blockNumber: BigInt(receipt.blockNumber) };
      if (receipt) throw await rejection(chain, { ...call, from: account.address }, options.signal);
    } catch (error) {
      if (error instanceof SkrumbleError && !passing.includes(error.code) && !(error instanceof RpcError)) throw error;
      if (error instanceof RpcError && ++refusals === maxRefusals)
        throw new SkrumbleError("CHAIN_REJECTED", { cause: error });
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
  throw new SkrumbleError(accepted ? "CHAIN_STALLED" : "CHAIN_UNREACHABLE", { cause: last });
}

/** Runs the call again as a read to learn why it was refused, by the word of two operators too. */
async function rejection(
  chain: Chain,
  call: { to: Address; data: Hex; abi: Abi; from: Address; rejections?: Record<string, ErrorCode> },
  signal: AbortSignal | undefined,
): Promise<SkrumbleError> {
  try {
    await quorumRequest(chain.rpc, "eth_call", [{ from: call.from, to: call.to, data: call.data }, "latest"], signal);
    return new SkrumbleError("CHAIN_REJECTED");
  } catch (error) {
    const name = revertName(error, call.abi);
    const code = (name && call.rejections?.[name]) || "CHAIN_REJECTED";
    return new SkrumbleError(code, { cause: error, ...(name ? { details: name } : {}) });
  }
}

/** Name of the contract error in a failed read. */
export function revertName(error: unknown, abi: Abi): string | undefined {
  if (!(error instanceof RpcError)) return undefined;
  const data = typeof error.data === "string" ? error.data : (error.data as { data?: unknown } | undefined)?.data;
  if (typeof data !== "string" || !data.startsWith("0x")) return undefined;
  try {
    return decodeErrorResult({ abi, data: data as Hex }).errorName;
  } catch {
    return undefined;
  }
}
