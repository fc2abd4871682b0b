import { confirmDraft } from "../agreements/confirmDraft.ts";
import { signWith } from "../agreements/signWith.ts";
import { templateOf } from "../agreements/templates/index.ts";
import { termsOf, termsTypedData } from "../agreements/termsOf.ts";
import type { Chain } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { WalletSigner } from "../types/client.ts";
import type { JobOffer } from "../types/jobs.ts";
import type { Address } from "../types/primitives.ts";
import { personById } from "./board.ts";
import { readEntry } from "./readJob.ts";

/**
 * Signs the agreement of an offer, after the board has confirmed that the job's poster pays in it, the registry its people, and the token
 * its numbers: one prompt.
 * @returns the offer with the signature in it
 * @throws SkrumbleError JOB_OFFER_INVALID (this wallet is no party, or the job's poster does not pay), JOB_UNKNOWN, AGREEMENT_OTHER_CHAIN, AGREEMENT_PARTY_DIFFERS, AGREEMENT_ASSET_DIFFERS, and what the
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
  const { poster } = await readEntry(chain, offer.jobId, signal);
  const owner = await personById(chain, poster, signal);
  if (templateOf(offer.draft).kind !== "work" || owner?.wallet !== terms.payer) {
    throw new SkrumbleError("JOB_OFFER_INVALID");
  }
  await confirmDraft(chain, offer.draft, signal);
  const signature = await signWith(chain, wallet, termsTypedData(terms, chain.network), signal);
  return { ...offer, signatures: new Map([...offer.signatures, [own, signature]]) };
}
