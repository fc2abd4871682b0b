import { zeroAddress } from "viem";
import { readIdentity } from "../chain/actions/readIdentity.ts";
import { readToken } from "../chain/actions/readToken.ts";
import type { Chain } from "../chain/chain.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { AgreementDraft, AgreementParty } from "../types/agreements.ts";

/** What a draft says about people and tokens is its author's word: this asks the chain, two operators agreeing. */

/** Those whom the registry does not know under this name with this wallet now. A name may have been changed since. */
async function findStrangers(
  chain: Chain,
  { parties, arbiter }: AgreementDraft,
  signal?: AbortSignal,
): Promise<AgreementParty[]> {
  const people = arbiter ? [...parties, arbiter] : parties;
  const isKnown = async ({ publicId, pseudonym, wallet }: AgreementParty): Promise<boolean> => {
    const found = await readIdentity(chain, { publicId }, { quorum: true, signal });
    return found !== undefined && !found.revoked && found.name === pseudonym && found.owner.toLowerCase() === wallet;
  };
  const known = await Promise.all(people.map(isKnown));
  return people.filter((_, index) => !known[index]);
}

/**
 * To be called before anybody is asked to sign.
 * @throws SkrumbleError AGREEMENT_PARTY_DIFFERS (details name the role), AGREEMENT_ASSET_DIFFERS, ASSET_UNKNOWN, and what reads throw
 */
export async function confirmDraft(chain: Chain, draft: AgreementDraft, signal?: AbortSignal): Promise<void> {
  const [stranger] = await findStrangers(chain, draft, signal);
  if (stranger) throw new SkrumbleError("AGREEMENT_PARTY_DIFFERS", { details: stranger.role });
  await checkAsset(chain, draft, signal);
}

/** The amounts of the text follow from the decimals. @throws SkrumbleError AGREEMENT_ASSET_DIFFERS, ASSET_UNKNOWN */
export async function checkAsset(chain: Chain, { money }: AgreementDraft, signal?: AbortSignal): Promise<void> {
  if (!money || money.asset.token === zeroAddress) return;
  const { symbol, decimals } = await readToken(chain, money.asset.token, signal);
  if (symbol !== money.asset.symbol || decimals !== money.asset.decimals) {
    throw new SkrumbleError("AGREEMENT_ASSET_DIFFERS");
  }
}
