import { encodeFunctionData, numberToHex } from "viem";
import { readBlock } from "../../chain/actions/readBlock.ts";
import { logSpan } from "../../chain/logs.ts";
import { quorumRequest } from "../../chain/quorum.ts";
import { submit } from "../../chain/submit.ts";
import type { Core } from "../../client/core.ts";
import type { HistoryMessage } from "../../conversation/content/types.ts";
import { sendContent } from "../../conversation/send/sendContent.ts";
import { codeOf, type ErrorCode, SkrumbleError } from "../../errors/index.ts";
import { skmAbi } from "../../generated/index.ts";
import type { Hex } from "../../types/primitives.ts";
import { fundEscrow, settleMilestone, submitAction } from "../actOnEscrow.ts";
import { escrowActionOf, isToldBy } from "./acts.ts";
import { type ActInHand, dropAct } from "./records.ts";

/** The chain's last word on what somebody signed. */
export const refusals: readonly ErrorCode[] = [
  ...(["ESCROW_MOVED_ON", "ESCROW_TOO_LATE", "ESCROW_TOO_EARLY", "ESCROW_NOT_YOURS", "ESCROW_WAITS"] as const),
  ...(["ESCROW_AMOUNT_TOO_HIGH", "AMOUNT_INVALID", "AMOUNT_OVER_BALANCE", "WALLET_CHANGED_ACCOUNT"] as const),
  "CHAIN_REJECTED",
];

/**
 * Brings what was signed to the chain and then into the conversation, from wherever it got: a second time changes nothing.
 * @throws SkrumbleError why it is not on chain, and what `sendContent` throws
 */
export async function finishAct(core: Core, record: ActInHand): Promise<HistoryMessage> {
  const transaction = await onChain(core, record).catch(async (error) => {
    if (refusals.includes(codeOf(error)) && !core.signal.aborted) await dropAct(core.vault, record);
    throw error;
  });
  const said = await tell(core, record, transaction);
  await dropAct(core.vault, record);
  return said;
}

async function onChain(core: Core, record: ActInHand): Promise<Hex> {
  const found = await findDone(core, record);
  if (found) return found;
  if ((await readBlock(core.chain, undefined, core.signal)).timestamp >= record.deadline) {
    throw new SkrumbleError("ESCROW_TOO_LATE");
  }
  try {
    return await submitted(core, record);
  } catch (error) {
    // This device was closed after it had sent it, or another one was faster.
    const done = await findDone(core, record).catch(() => undefined);
    if (done) return done;
    throw error;
  }
}

async function submitted(core: Core, record: ActInHand): Promise<Hex> {
  const { chain, signal } = core;
  const { act, escrow, wallet, signature } = record;
  if (act.do === "fund") {
    await bringMoney(core, record);
    return (await fundEscrow(chain, escrow, act, { signal })).hash;
  }
  if (act.do === "settle") return (await settleMilestone(chain, escrow, act.index, { signal })).hash;
  const action = escrowActionOf(act);
  if (!action || !signature) throw new SkrumbleError("ESCROW_MOVED_ON");
  const by = { signer: wallet, step: BigInt(record.step), deadline: BigInt(record.deadline), signature };
  return (await submitAction(chain, escrow, action, by, { signal })).hash;
}

/** EIP-3009 takes a nonce once, whoever submits it. What a wallet sends itself is waited for. */
async function bringMoney(core: Core, { pays, wallet, escrow, deadline }: ActInHand): Promise<void> {
  if (!pays?.nonce || !pays.signature) return;
  const { chain, signal } = core;
  const args = [wallet, escrow, BigInt(pays.amount), 0n, BigInt(deadline), pays.nonce, pays.signature] as const;
  const data = encodeFunctionData({ abi: skmAbi, functionName: "transferWithAuthorization", args });
  const rejections: Record<string, ErrorCode> = {
    ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE",
    ERC3009NonceUsed: "PAYMENT_MADE",
    ERC3009Expired: "ESCROW_TOO_LATE",
  };
  await submit(chain, { to: chain.network.contracts.skm, data, abi: skmAbi, rejections }, { signal }).catch((error) => {
    if (codeOf(error) !== "PAYMENT_MADE") throw error;
  });
}

/** The transaction that did it, as two operators say. */
async function findDone(core: Core, { escrow, act, wallet, from }: ActInHand): Promise<Hex | undefined> {
  const { number: head } = await readBlock(core.chain, undefined, core.signal);
  for (let at = BigInt(from); at <= head; at += logSpan) {
    const to = at + logSpan - 1n < head ? at + logSpan - 1n : head;
    const query = { address: escrow, fromBlock: numberToHex(at), toBlock: numberToHex(to) };
    const logs = (await quorumRequest(core.chain.rpc, "eth_getLogs", [query], core.signal)) as EscrowLog[];
    for (const transaction of new Set(logs.map(({ transactionHash }) => transactionHash))) {
      const own = logs.filter(({ transactionHash }) => transactionHash === transaction);
      if (isToldBy(own, { escrow, act, wallet })) return transaction;
    }
  }
  return undefined;
}

interface EscrowLog {
  address: Hex;
  topics: Hex[];
  data: Hex;
  transactionHash: Hex;
}

async function tell(core: Core, record: ActInHand, transaction: Hex): Promise<HistoryMessage> {
  const { conversationId, agreement, id, act } = record;
  const before = await core.threads.message(conversationId, id);
  if (before) return before;
  const step = { did: "acted", of: agreement, act, transaction } as const;
  return sendContent(core, conversationId, { kind: "agreement", step }, id);
}
