import { confirmDraft } from "../agreements/confirmDraft.ts";
import { signWith } from "../agreements/signWith.ts";
import { termsOf, termsTypedData } from "../agreements/termsOf.ts";
import type { Chain } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { JobOffer } from "../types/jobs.ts";
import type { Address } from "../types/primitives.ts";

/**
 * Signs the agreement of an offer, after the registry has confirmed its people and the token its numbers: one prompt.
 * @returns the offer with the signature in it
 * @throws SkrumbleError JOB_OFFER_INVALID (this wallet is no party), AGREEMENT_OTHER_CHAIN, AGREEMENT_PARTY_DIFFERS, AGREEMENT_ASSET_DIFFERS, and what the
 * wallet and reads throw
 */
export async function signOffer(
  chain: Chain,
  offer: JobOffer,
  wallet: WalletSigner,
  signal?: AbortSignal,
): Promise<JobOffer> {
  const own = wallet.address.toLowerCase() as Address;
  const terms = termsOf(offer.draft);
  if (!terms.signers.includes(own)) throw new SkrumbleError("JOB_OFFER_INVALID");
  if (offer.draft.chainId !== chain.network.chainId) throw new SkrumbleError("AGREEMENT_OTHER_CHAIN");
  await confirmDraft(chain, offer.draft, signal);
  const signature = await signWith(chain, wallet, termsTypedData(terms, chain.network), signal);
  return { ...offer, signatures: new Map([...offer.signatures, [own, signature]]) };
}
