import { encodeFunctionData, erc20Abi, parseSignature } from "viem";
import { readAllowance } from "../chain/actions/readAllowance.ts";
import { permitAbi, readPermit } from "../chain/actions/readPermit.ts";
import { simulate } from "../chain/simulate.ts";
import { submit } from "../chain/submit.ts";
import type { Core } from "../client/core.ts";
import { toHex } from "../crypto/bytes.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { signChecked } from "../identity/wallet.ts";
import type { TypedDataRequest, WalletSigner } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { keepAllowance } from "./records.ts";
import { sendAndWait } from "./sendAndWait.ts";

/** A token of which the packets are to take just so much. */
interface Taking {
  token: Address;
  amount: bigint;
  /** Unix seconds, of a permit. */
  deadline: bigint;
}

/**
 * What is needed for the packets to take so much: nothing, a signature, or a transaction of the wallet; two where the token takes no
 * new amount while an old one stands.
 * @throws what reads throw
 */
export async function planAllowance(
  core: Core,
  owner: Address,
  taking: Taking,
): Promise<{ by: "nothing" | "approval" | "reset" } | { by: "permit"; permit: TypedDataRequest }> {
  const { chain, signal } = core;
  const { token, amount, deadline } = taking;
  const spender = chain.network.contracts.redPackets;
  const allowed = await readAllowance(chain, { token, owner, spender }, { quorum: true, signal });
  if (allowed >= amount) return { by: "nothing" };
  const permit = await readPermit(chain, token, { owner, spender, value: amount, deadline }, signal);
  if (permit) return { by: "permit", permit };
  return { by: await approvalFor(core, owner, taking, allowed) };
}

const approvalFor = async (core: Core, owner: Address, taking: Taking, allowed: bigint) =>
  allowed > 0n && !(await wouldApprove(core, owner, taking)) ? "reset" : "approval";

/**
 * Has the wallet let the packets take an amount of a token, unless they may already: by a signature where the token has permits, else
 * by a transaction. Nothing moves by that, so it does no harm to do it twice. What was asked for is kept: see `allowancesLeft`.
 * @returns whether the wallet sent a transaction for it
 * @throws SkrumbleError WALLET_CHANGED_ACCOUNT, PAYMENT_REFUSED (the token refuses), and what {@link sendAndWait}, {@link submit} and reads
 * throw
 */
export async function allowPackets(core: Core, wallet: WalletSigner, taking: Taking): Promise<boolean> {
  const { chain, signal } = core;
  const { token, amount, deadline } = taking;
  const spender = chain.network.contracts.redPackets;
  const owner = wallet.address;
  const plan = await planAllowance(core, owner, taking);
  if (plan.by === "nothing") return false;
  await keepAllowance(core.vault, { token, owner, at: core.now() });
  let { by } = plan;
  if (plan.by === "permit") {
    const { r, s, v } = parseSignature(toHex((await signChecked(chain, wallet, plan.permit, signal)).bytes) as Hex);
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
    const allowed = await readAllowance(chain, { token, owner, spender }, { quorum: true, signal });
    if (allowed >= amount) return false;
    by = await approvalFor(core, owner, taking, allowed);
  }
  if (by === "reset") await approvePackets(core, wallet, { token, amount: 0n });
  if (!(await wouldApprove(core, owner, taking))) throw new SkrumbleError("PAYMENT_REFUSED");
  await approvePackets(core, wallet, taking);
  return true;
}

const approvalOf = (core: Core, { token, amount }: Omit<Taking, "deadline">) => ({
  to: token,
  data: encodeFunctionData({
    abi: erc20Abi,
    functionName: "approve",
    args: [core.chain.network.contracts.redPackets, amount],
  }),
});

async function wouldApprove(core: Core, from: Address, taking: Taking): Promise<boolean> {
  try {
    await simulate(core.chain, { from, ...approvalOf(core, taking) }, core.signal);
    return true;
  } catch (error) {
    if (codeOf(error) === "CHAIN_REJECTED") return false;
    throw error;
  }
}

/**
 * Has the wallet set what the packets may take of a token, and waits until that is in a block. @throws what {@link sendAndWait} throws
 */
export const approvePackets = (core: Core, wallet: WalletSigner, taking: Omit<Taking, "deadline">): Promise<void> =>
  sendAndWait(core, wallet, approvalOf(core, taking));
