import { encodeFunctionData } from "viem";
import { isContract } from "../chain/actions/isContract.ts";
import type { Chain } from "../chain/chain.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../chain/submit.ts";
import { SkrumbleError } from "../errors/index.ts";
import { agreementsAbi } from "../generated/index.ts";
import { isSignedBy } from "../identity/wallet.ts";
import type { AgreementTerms } from "../types/agreements.ts";
import type { Address, Hex } from "../types/primitives.ts";
import { agreementRejections } from "./rejections.ts";
import { termsTypedData } from "./termsOf.ts";

/**
 * Puts an agreement on chain with everybody's signature; where money is part of it, this opens its escrow. Anybody may, as
 * often as they like: only the first does anything.
 * @param signatures by wallet in lower case, of what {@link termsTypedData} gives
 * @throws SkrumbleError AGREEMENT_UNSIGNED (somebody's is missing), AGREEMENT_EXISTS, AGREEMENT_RETRACTED, AGREEMENT_TOO_LATE,
 * AGREEMENT_SIGNATURE_INVALID (details name the account whose it is not), and what {@link submit} throws
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
  const typed = termsTypedData(terms, chain.network);
  for (const [at, signature] of inOrder.entries()) {
    const signer = terms.signers[at] as Address;
    // A contract's the chain asks itself.
    if ((await isSignedBy(typed, signature, signer)) || (await isContract(chain, signer, options.signal))) continue;
    throw new SkrumbleError("AGREEMENT_SIGNATURE_INVALID", { details: signer });
  }
  const data = encodeFunctionData({ abi: agreementsAbi, functionName: "conclude", args: [terms, inOrder] });
  const call = { to: chain.network.contracts.agreements, data, abi: agreementsAbi };
  return submit(chain, { ...call, rejections }, options);
}

/** Of all parties together: none of them is necessarily one's own wallet's. */
const rejections = { ...agreementRejections, AgreementInvalidSignature: "AGREEMENT_SIGNATURE_INVALID" } as const;
