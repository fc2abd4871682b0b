import { readAllowance } from "../chain/actions/readAllowance.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { ensureChain } from "../identity/wallet.ts";
import type { WalletSigner } from "../types/client.ts";
import type { AssetId } from "../types/money.ts";
import type { AllowanceLeft } from "../types/packets.ts";
import type { Address } from "../types/primitives.ts";
import { approvePackets } from "./allow.ts";
import { isHeld } from "./follow.ts";
import { askedAllowances, dropAllowance, keptPackets } from "./records.ts";
import { sameAddress } from "./verified.ts";

/** What a wallet was asked for may come into a block so much later. */
const patience = 3_600_000;

/**
 * What packets of this person may still take of a token, and none that is being made takes. One in doubt may need it; it comes to nothing
 * when that is taken back. @throws as `Packets.allowances`
 */
export async function allowancesLeft(core: Core): Promise<AllowanceLeft[]> {
  const { chainId } = core.chain.network;
  const { made } = await keptPackets(core.vault);
  const found: AllowanceLeft[] = [];
  for (const { token, owner, at } of await askedAllowances(core.vault)) {
    const allowed = await allowedOf(core, token, owner);
    if (allowed === 0n && core.now() - at > patience) await dropAllowance(core.vault, token);
    const needed = made
      .filter(({ messageId, packetId }) => packetId === undefined && isHeld(core, messageId))
      .filter((packet) => sameAddress(packet.token, token) && sameAddress(packet.creator, owner))
      .reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    if (allowed > needed) found.push({ asset: { chainId, token }, amount: allowed - needed });
  }
  return found;
}

/** Has the wallet take back what the packets may take of a token. @throws as `Packets.disallow` */
export async function disallowPackets(core: Core, { token }: AssetId, wallet: WalletSigner): Promise<void> {
  const owner = core.self.identity.wallet;
  if (!sameAddress(owner, wallet.address)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  if (!wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
  await ensureChain(core.chain, wallet, core.signal);
  if ((await allowedOf(core, token, owner)) > 0n) await approvePackets(core, wallet, { token, amount: 0n });
  await dropAllowance(core.vault, token);
}

const allowedOf = ({ chain, signal }: Core, token: Address, owner: Address): Promise<bigint> =>
  readAllowance(chain, { token, owner, spender: chain.network.contracts.redPackets }, { quorum: true, signal });
