import { encodeFunctionData } from "viem";
import type { Chain } from "../chain/chain.ts";
import type { SubmitOptions, TransactionReceipt } from "../chain/submit.ts";
import { jobBoardAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import { actingFor, nonceOf, signForBoard, submitToBoard } from "./board.ts";
import { requireOwn } from "./requireOwn.ts";

/**
 * Takes an open job from the board. Its poster's to do: one prompt of the wallet.
 * @throws SkrumbleError JOB_UNKNOWN, JOB_NOT_OPEN, JOB_NOT_YOURS, JOB_MOVED_ON, WALLET_NO_IDENTITY, IDENTITY_REVOKED, and what the wallet and
 * the chain throw
 */
export async function closeJob(
  chain: Chain,
  jobId: bigint,
  wallet: WalletSigner,
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { id } = await actingFor(chain, wallet.address, options.signal);
  await requireOwn(chain, jobId, id, options.signal);
  const nonce = await nonceOf(chain, id, options.signal);
  const { signature, deadline } = await signForBoard(
    chain,
    wallet,
    "Close",
    [
      ["uint64", "jobId", jobId],
      ["uint256", "nonce", nonce],
    ],
    options.signal,
  );
  const data = encodeFunctionData({ abi: jobBoardAbi, functionName: "close", args: [jobId, deadline, signature] });
  return submitToBoard(chain, data, options);
}
