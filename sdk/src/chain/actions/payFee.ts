import {
  type Abi,
  encodeFunctionData,
  hashTypedData,
  parseSignature,
  signatureToCompactSignature,
  type TypedDataDefinition,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { membershipAbi, skmAbi, usageFeesAbi } from "../../generated/index.ts";
import type { TypedDataRequest } from "../../types/client.ts";
import type { Fee } from "../../types/fees.ts";
import type { Hex } from "../../types/primitives.ts";
import type { Chain } from "../chain.ts";
import { authorizationTypedData } from "../eip3009.ts";
import { feeRejections } from "../rejections.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../submit.ts";

const typed = (chain: Chain, fee: Fee) =>
  ({
    domain: {
      ...{ name: "Skrumble UsageFees", version: "1" },
      ...{ chainId: chain.network.chainId, verifyingContract: chain.network.contracts.usageFees },
    },
    types: {
      Fee: [
        { name: "payer", type: "address" },
        { name: "beneficiary", type: "address" },
        { name: "feature", type: "bytes32" },
        { name: "units", type: "uint32" },
        { name: "price", type: "uint128" },
        { name: "credit", type: "uint128" },
        { name: "deadline", type: "uint40" },
        { name: "salt", type: "bytes32" },
      ],
    },
    primaryType: "Fee",
    message: { ...fee },
  }) as const satisfies TypedDataDefinition;

/** EIP-712 digest of a fee: what the chain keeps of it, and the nonce of what the wallet signs. */
export const feeReceipt = (chain: Chain, fee: Fee): Hex => hashTypedData(typed(chain, fee));

/** What the wallet signs: EIP-3009, SKM to the fees, for this use alone. */
export const feeTypedData = (chain: Chain, fee: Fee): TypedDataRequest =>
  authorizationTypedData(
    chain,
    {
      ...{ from: fee.payer, to: chain.network.contracts.usageFees },
      value: fee.price * BigInt(fee.units) - fee.credit,
      ...{ validBefore: BigInt(fee.deadline), nonce: feeReceipt(chain, fee) },
    },
    "recipient",
  );

/** By the wallet's signature, or by the controller key of the payer's identity where credit is enough. */
export type FeeAuthority = { signature: Hex } | { controller: Hex };

/**
 * Pays a fee; a throw-away key submits. It can be submitted again without harm: a salt is paid once.
 * @throws SkrumbleError FEE_PRICE_ROSE, FEE_NOT_FOR_SALE, FEE_CREDIT_SPENT, FEE_NOT_PAID (too late, or cancelled before),
 * FEE_PAID_ELSEWHERE (its salt is used: by these terms or others), AMOUNT_OVER_BALANCE, WALLET_FAILED, and what {@link submit} throws
 */
export async function payFee(
  chain: Chain,
  { fee, by }: { fee: Fee; by: FeeAuthority },
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const call = {
    to: chain.network.contracts.usageFees,
    data: "signature" in by ? byWallet(fee, by.signature) : await byController(chain, fee, by.controller),
    abi: [...usageFeesAbi, ...skmAbi, ...membershipAbi] as Abi,
    rejections: feeRejections,
  };
  return submit(chain, call, options);
}

const byWallet = (fee: Fee, signature: Hex): Hex =>
  encodeFunctionData({ abi: usageFeesAbi, functionName: "pay", args: [fee, signature] });

async function byController(chain: Chain, fee: Fee, controller: Hex): Promise<Hex> {
  const signature = await privateKeyToAccount(controller).signTypedData(typed(chain, fee));
  const { r, yParityAndS: vs } = signatureToCompactSignature(parseSignature(signature));
  return encodeFunctionData({ abi: usageFeesAbi, functionName: "payFromCredit", args: [fee, r, vs] });
}
