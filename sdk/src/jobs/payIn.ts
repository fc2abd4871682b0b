import { encodeFunctionData, zeroAddress } from "viem";
import { agreementRejections } from "../agreements/rejections.ts";
import { signWith } from "../agreements/signWith.ts";
import { type Chain, readContract } from "../chain/chain.ts";
import { authorizationTypedData } from "../chain/eip3009.ts";
import { type SubmitOptions, submit } from "../chain/submit.ts";
import { randomBytes, toHex } from "../crypto/bytes.ts";
import { SkrumbleError } from "../errors/index.ts";
import { escrowAbi, skmAbi } from "../generated/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { Address } from "../types/primitives.ts";

/** The chain has to take the money within so many seconds. */
const holds = 3600;

/**
 * Pays SKM for one milestone into the escrow: one prompt of the wallet, nothing to pay for it. Repeated after a page was closed
 * halfway, it goes on with the money that is there, and asks for none.
 * @throws SkrumbleError AMOUNT_OVER_BALANCE, PAYMENT_EXPIRED, ESCROW_MOVED_ON, ESCROW_TOO_LATE, INPUT_INVALID (the escrow is not in SKM), and what the
 * wallet and the chain throw
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
  const at = { address: escrow, abi: escrowAbi } as const;
  const token = { address: skm, abi: skmAbi } as const;
  const read = { quorum: true, signal };
  const [terms, accounted, held, owned] = await Promise.all([
    readContract(chain, { ...at, functionName: "terms", args: [] }, read),
    readContract(chain, { ...at, functionName: "accounted", args: [] }, read),
    readContract(chain, { ...token, functionName: "balanceOf", args: [escrow] }, read),
    readContract(chain, { ...token, functionName: "balanceOf", args: [wallet.address] }, read),
  ]);
  const amount = terms.milestones[index]?.amount;
  if (amount === undefined || terms.token.toLowerCase() !== skm.toLowerCase()) {
    throw new SkrumbleError("INPUT_INVALID", { details: "Pays milestones in SKM only." });
  }
  const missing = amount - (held - accounted);
  if (missing > 0n) {
    if (owned < missing) throw new SkrumbleError("AMOUNT_OVER_BALANCE");
    const validBefore = BigInt(Math.floor(Date.now() / 1000) + holds);
    const nonce = toHex(randomBytes(32));
    const transfer = { from: wallet.address, to: escrow, value: missing, validBefore, nonce };
    const signature = await signWith(chain, wallet, authorizationTypedData(chain, transfer), signal);
    const data = encodeFunctionData({
      ...{ abi: skmAbi, functionName: "transferWithAuthorization" },
      args: [transfer.from, transfer.to, transfer.value, 0n, validBefore, nonce, signature],
    });
    const rejections = { ERC20InsufficientBalance: "AMOUNT_OVER_BALANCE", ERC3009Expired: "PAYMENT_EXPIRED" } as const;
    await submit(chain, { to: skm, data, abi: skmAbi, rejections }, options);
  }
  // With the money there, the escrow asks nobody who says what it is for.
  const nobody = { signer: zeroAddress, step: 0n, deadline: 0n, signature: "0x" } as const;
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "fund", args: [BigInt(index), 1n, nobody] });
  await submit(chain, { to: escrow, data, abi: escrowAbi, rejections: agreementRejections }, options);
}
