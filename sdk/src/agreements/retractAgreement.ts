import { encodeFunctionData } from "viem";
import type { Chain } from "../chain/chain.ts";
import { type SubmitOptions, submit, type TransactionReceipt } from "../chain/submit.ts";
import { agreementsAbi } from "../generated/index.ts";
import type { AgreementTerms } from "../types/agreements.ts";
import type { WalletSigner } from "../types/client.ts";
import { agreementRejections } from "./rejections.ts";
import { signWith } from "./signWith.ts";
import { agreementIdOf } from "./termsOf.ts";

/**
 * Makes one's signature under terms that are not concluded worthless, for ever.
 * @param deadline Unix seconds: last moment for the chain to take it
 * @throws SkrumbleError AGREEMENT_EXISTS (it was concluded first), WALLET_CHANGED_ACCOUNT, and what the wallet and {@link submit}
 * throw
 */
export async function retractAgreement(
  chain: Chain,
  terms: AgreementTerms,
  wallet: WalletSigner,
  deadline: bigint,
  options: SubmitOptions = {},
): Promise<TransactionReceipt> {
  const { chainId, contracts } = chain.network;
  const id = agreementIdOf(terms, chain.network);
  const typed = {
    domain: { name: "Skrumble Agreements", version: "1", chainId, verifyingContract: contracts.agreements },
    types: {
      Retract: [
        { name: "agreementId", type: "bytes32" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Retract",
    message: { agreementId: id, deadline },
  };
  const signature = await signWith(chain, wallet, typed, options.signal);
  const args = [id, wallet.address, deadline, signature] as const;
  const data = encodeFunctionData({ abi: agreementsAbi, functionName: "retract", args });
  return submit(
    chain,
    { to: contracts.agreements, data, abi: agreementsAbi, rejections: agreementRejections },
    options,
  );
}
