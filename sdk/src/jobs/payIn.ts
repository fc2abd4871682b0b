import { encodeAbiParameters, encodeFunctionData, keccak256, zeroAddress } from "viem";
import { agreementRejections } from "../agreements/rejections.ts";
import { signWith } from "../agreements/signWith.ts";
import { type Chain, readContract } from "../chain/chain.ts";
import { authorizationTypedData } from "../chain/eip3009.ts";
import { quorumRequest } from "../chain/quorum.ts";
import { type SubmitOptions, submit } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { escrowAbi, skmAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Address, Hex } from "../types/primitives.ts";

/** The chain has to take the money within so many seconds. */
const holds = 3600;
/** `Unfunded` of IEscrow.State. */
const unfunded = 0;
/** For one milestone, all but the last of them used up by others. */
const mostPayments = 64n;

/**
 * Pays SKM for one milestone into the escrow: one prompt of the wallet, nothing to pay for it. Repeated after a page was closed
 * halfway, it goes on with the money that is there, and asks for none. What is paid already is not paid again: that fails before the
 * wallet is asked.
 * @throws SkrumbleError AMOUNT_OVER_BALANCE, PAYMENT_EXPIRED, ESCROW_MOVED_ON (paid already), ESCROW_TOO_LATE, INPUT_INVALID (the escrow is not in
 * SKM), and what the wallet and the chain throw
 */
export async function payIn(
  chain: Chain,
  escrow: Address,
  index: number,
  wallet: WalletSigner,
  options: SubmitOptions = {},
): Promise<void> {
  const { signal } = options;
  const { skm } = chain.network.contracts;
  const { missing, owned, nonce } = await readMissing(chain, { escrow, index, payer: wallet.address }, signal);
  if (missing > 0n) {
    if (owned < missing) throw new SkrumbleError("AMOUNT_OVER_BALANCE");
    const validBefore = BigInt(Math.floor(Date.now() / 1000) + holds);
    const transfer = { from: wallet.address, to: escrow, value: missing, validBefore, nonce };
    const signature = await signWith(chain, wallet, authorizationTypedData(chain, transfer), signal);
    const data = encodeFunctionData({
      ...{ abi: skmAbi, functionName: "transferWithAuthorization" },
      args: [transfer.from, transfer.to, transfer.value, 0n, validBefore, nonce, signature],
    });
    const rejections = {
      ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE",
      ERC3009Expired: "PAYMENT_EXPIRED",
      ERC3009NonceUsed: "ESCROW_MOVED_ON",
    } as const;
    await submit(chain, { to: skm, data, abi: skmAbi, rejections }, options);
  }
  // With the money there, the escrow asks nobody who says what it is for.
  const nobody = { signer: zeroAddress, step: 0n, deadline: 0n, signature: "0x" } as const;
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "fund", args: [BigInt(index), 1n, nobody] });
  await submit(chain, { to: escrow, data, abi: escrowAbi, rejections: agreementRejections }, options);
}

/** All as of one block: money that came between two reads would be missing in one and counted in the other. */
async function readMissing(
  chain: Chain,
  { escrow, index, payer }: { escrow: Address; index: number; payer: Address },
  signal: AbortSignal | undefined,
): Promise<{ missing: bigint; owned: bigint; nonce: Hex }> {
  const { skm } = chain.network.contracts;
  const at = { address: escrow, abi: escrowAbi } as const;
  const token = { address: skm, abi: skmAbi } as const;
  const terms = await readContract(chain, { ...at, functionName: "terms", args: [] }, { quorum: true, signal });
  const amount = terms.milestones[index]?.amount;
  if (amount === undefined || terms.token.toLowerCase() !== skm.toLowerCase()) {
    throw new SkrumbleError("INPUT_INVALID", { details: "Pays milestones in SKM only." });
  }
  const block = BigInt((await quorumRequest(chain.rpc, "eth_blockNumber", [], signal)) as string);
  const read = { quorum: true, block, signal };
  const [milestone, accounted, held, owned] = await Promise.all([
    readContract(chain, { ...at, functionName: "milestone", args: [BigInt(index)] }, read),
    readContract(chain, { ...at, functionName: "accounted", args: [] }, read),
    readContract(chain, { ...token, functionName: "balanceOf", args: [escrow] }, read),
    readContract(chain, { ...token, functionName: "balanceOf", args: [payer] }, read),
  ]);
  if (milestone.state !== unfunded) throw new SkrumbleError("ESCROW_MOVED_ON");
  if (milestone.due * 1000 < Date.now()) throw new SkrumbleError("ESCROW_TOO_LATE");
  // The first that the token does not know yet: a payment that is still on its way has it, and can arrive only once. One that has arrived
  // and is still missing went to another milestone.
  for (let time = 0n; time < mostPayments; time++) {
    const nonce = paymentNonce(escrow, BigInt(index), BigInt(milestone.step), time);
    const call = { ...token, functionName: "authorizationState", args: [payer, nonce] } as const;
    if (!(await readContract(chain, call, read))) return { missing: amount - (held - accounted), owned, nonce };
  }
  throw new SkrumbleError("ESCROW_MOVED_ON");
}

const paymentNonce = (escrow: Address, index: bigint, step: bigint, time: bigint): Hex =>
  keccak256(
    encodeAbiParameters(
      [{ type: "address" }, { type: "uint256" }, { type: "uint256" }, { type: "uint256" }],
      [escrow, index, step, time],
    ),
  );
