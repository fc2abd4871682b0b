import { readAllowance } from "../chain/actions/readAllowance.ts";
import type { Core } from "../client/core.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { ensureChain } from "../identity/wallet.ts";
import type { WalletSigner } from "../types/client.ts";
import type { AllowanceLeft } from "../types/packets.ts";
import { approvePackets } from "./allow.ts";
import { isHeld } from "./follow.ts";
import { type AskedAllowance, askedAllowances, dropAllowance, keptPackets } from "./records.ts";
import { sameAddress } from "./verified.ts";

/** What a wallet was asked for may come into a block so much later. */
const patience = 3_600_000;

/**
 * What packets of this person may still take of a token, and none that is being made takes. One in doubt may need it; it comes to nothing
 * when that is taken back. A token that does not answer hides none of the others. @throws as `Packets.allowances`
 */
export async function allowancesLeft(core: Core): Promise<AllowanceLeft[]> {
  const { chainId } = core.chain.network;
  const { made } = await keptPackets(core.vault);
  const found: AllowanceLeft[] = [];
  // The newest first: the vault has no order of its own.
  for (const asked of (await askedAllowances(core.vault)).toSorted((a, b) => b.at - a.at)) {
    const { token, owner, at } = asked;
    const allowed = await allowedOf(core, asked).catch((error) => {
      if (codeOf(error) === "CHAIN_REJECTED") return undefined;
      throw error;
    });
    if (allowed === undefined) continue;
    if (allowed === 0n && core.now() - at > patience) await dropAllowance(core.vault, asked);
    const needed = made
      .filter(({ messageId, packetId }) => packetId === undefined && isHeld(core, messageId))
      .filter((packet) => sameAddress(packet.token, token) && sameAddress(packet.creator, owner))
      .reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    if (allowed > needed) found.push({ asset: { chainId, token }, owner, amount: allowed - needed });
  }
  return found;
}

/** Has the wallet that gave it take back what the packets may take of a token. @throws as `Packets.disallow` */
export async function disallowPackets(
  core: Core,
  { asset: { token }, owner }: Pick<AllowanceLeft, "asset" | "owner">,
  wallet: WalletSigner,
): Promise<void> {
  if (!sameAddress(owner, wallet.address)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  if (!wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
  await ensureChain(core.chain, wallet, core.signal);
  const given = { token, owner };
  if ((await allowedOf(core, given)) > 0n) await approvePackets(core, wallet, { token, amount: 0n });
  // A relay may be a block behind, or the wallet has sent something else: then it is listed, or dropped, later.
  if ((await allowedOf(core, given)) === 0n) await dropAllowance(core.vault, given);
}

const allowedOf = (
  { chain, signal }: Core,
  { token, owner }: Pick<AskedAllowance, "token" | "owner">,
): Promise<bigint> =>
  readAllowance(chain, { token, owner, spender: chain.network.contracts.redPackets }, { quorum: true, signal });
