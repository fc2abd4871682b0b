import { encodeFunctionData } from "viem";
import type { Chain } from "../chain/chain.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { agreementsAbi } from "../generated/index.ts";
import type { AgreementTerms } from "../types/agreements.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { agreementRejections } from "./rejections.ts";

/**
 * Puts an agreement on chain with everybody's signature; where money is part of it, this opens its escrow. Anybody may, as
 * often as they like: only the first does anything.
 * @param signatures by wallet in lower case, of what {@link termsTypedData} gives
 * @throws SkrumbleError AGREEMENT_UNSIGNED (somebody's is missing), AGREEMENT_EXISTS, AGREEMENT_RETRACTED, AGREEMENT_TOO_LATE,
 * WALLET_CHANGED_ACCOUNT (a signature is not that account's), and what {@link submit} throws
 */
export async function concludeAgreement(
  chain: Chain,
  terms: AgreementTerms,
  signatures: ReadonlyMap<Address, Hex>,
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const inOrder = terms.signers.map((signer) => {
    const signature = signatures.get(signer);
    if (!signature) throw new SkrumbleError("AGREEMENT_UNSIGNED", { details: signer });
    return signature;
  });
  const data = encodeFunctionData({ abi: agreementsAbi, functionName: "conclude", args: [terms, inOrder] });
  const call = { to: chain.network.contracts.agreements, data, abi: agreementsAbi };
  return submit(chain, { ...call, rejections: agreementRejections }, options);
}
