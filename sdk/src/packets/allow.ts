import { encodeFunctionData, erc20Abi, parseSignature } from "viem";
import { awaitReceipt } from "../chain/actions/awaitReceipt.ts";
import { readAllowance } from "../chain/actions/readAllowance.ts";
import { permitAbi, readPermit } from "../chain/actions/readPermit.ts";
import { submit } from "../chain/submit.ts";
import type { Core } from "../client/core.ts";
import { toHex } from "../crypto/bytes.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { askWallet, signChecked } from "../identity/wallet.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** A token of which the packets are to take just so much. */
interface Taking {
  token: Address;
  amount: bigint;
  /** Unix seconds, of a permit. */
  deadline: bigint;
}

/**
 * Has the wallet let the packets take an amount of a token, unless they may already: by a signature where the token has permits, else
 * by a transaction. Nothing moves by that, so it does no harm to do it twice.
 * @throws SkrumbleError WALLET_REFUSED, WALLET_FAILED, WALLET_CHANGED_ACCOUNT, PAYMENT_REFUSED (the token refuses), CHAIN_STALLED, and what
 * reads throw
 */
export async function allowPackets(core: Core, wallet: WalletSigner, taking: Taking): Promise<void> {
  const { chain, signal } = core;
  const { token, amount, deadline } = taking;
  const spender = chain.network.contracts.redPackets;
  const owner = wallet.address;
  const allowed = await readAllowance(chain, { token, owner, spender }, { quorum: true, signal });
  if (allowed >= amount) return;
  const permit = await readPermit(chain, token, { owner, spender, value: amount, deadline }, signal);
  if (permit) {
    const { r, s, v } = parseSignature(toHex((await signChecked(chain, wallet, permit, signal)).bytes) as Hex);
    const args = [owner, spender, amount, deadline, Number(v), r, s] as const;
    const call = {
      to: token,
      data: encodeFunctionData({ abi: permitAbi, functionName: "permit", args }),
      abi: permitAbi,
    };
    await submit(chain, call, { signal }).catch((error) => {
      // Whoever saw the signature may have submitted it first: what counts is what the packets may take.
      if (codeOf(error) !== "CHAIN_REJECTED") throw error;
    });
    if ((await readAllowance(chain, { token, owner, spender }, { quorum: true, signal })) >= amount) return;
  }
  // Some tokens take no new amount while an old one stands.
  if (allowed > 0n && !(await wouldApprove(core, owner, taking)))
    await approve(core, wallet, { ...taking, amount: 0n });
  if (!(await wouldApprove(core, owner, taking))) throw new SkrumbleError("PAYMENT_REFUSED");
  await approve(core, wallet, taking);
}

const approvalOf = (core: Core, { token, amount }: Taking) => ({
  to: token,
  data: encodeFunctionData({
    abi: erc20Abi,
    functionName: "approve",
    args: [core.chain.network.contracts.redPackets, amount],
  }),
});

async function wouldApprove(core: Core, from: Address, taking: Taking): Promise<boolean> {
  try {
    await core.chain.rpc.request("eth_call", [{ from, ...approvalOf(core, taking) }, "latest"], core.signal);
    return true;
  } catch (error) {
    if (codeOf(error) === "CHAIN_REJECTED") return false;
    throw error;
  }
}

async function approve(core: Core, wallet: WalletSigner, taking: Taking): Promise<void> {
  const request = { ...approvalOf(core, taking), value: 0n, chainId: core.chain.network.chainId };
  const hash = await askWallet(async () => wallet.sendTransaction?.(request), core.signal);
  if (hash === undefined) throw new SkrumbleError("WALLET_CANNOT_SEND");
  await awaitReceipt(core.chain, hash, core.signal);
}
