import { encodeFunctionData, getAddress, isAddress, zeroAddress } from "viem";
import { readKept } from "../chain/actions/readKept.ts";
import { simulateOnPackets } from "../chain/packets.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { redPacketsAbi } from "../generated/index.ts";
import { ensureChain } from "../identity/wallet.ts";
import type { WalletSigner } from "../types/client.ts";
import type { PacketView } from "../types/packets.ts";
import type { Address, ConversationId, MessageId } from "../types/primitives.ts";
import { lookAtPacket } from "./look.ts";
import { sendAndWait } from "./sendAndWait.ts";
import { sameAddress } from "./verified.ts";

/** Fetches a share that could not be paid. @throws as `ConversationPackets.withdraw` */
export async function withdrawShare(
  core: Core,
  conversationId: ConversationId,
  messageId: MessageId,
  { wallet, to = wallet.address }: { wallet: WalletSigner; to?: Address | undefined },
): Promise<PacketView> {
  const { chain, signal } = core;
  if (!isAddress(to) || to === zeroAddress) throw new SkrumbleError("INPUT_INVALID", { details: "Not a wallet." });
  if (!wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
  const { packetId: number, mine, asset } = await lookAtPacket(core, conversationId, messageId);
  // A token that holds its own units has lost them.
  if (sameAddress(to, asset.token)) throw new SkrumbleError("INPUT_INVALID", { details: "Not a wallet." });
  const packetId = BigInt(number);
  if (!mine) throw new SkrumbleError("PACKET_NOTHING_LEFT");
  if (!sameAddress(mine.wallet, wallet.address)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  const kept = await readKept(chain, { packetId, wallet: mine.wallet }, { quorum: true, signal });
  if (kept === 0n) throw new SkrumbleError("PACKET_NOTHING_LEFT");
  const args = [packetId, getAddress(to)] as const;
  const call = {
    to: chain.network.contracts.redPackets,
    data: encodeFunctionData({ abi: redPacketsAbi, functionName: "withdraw", args }),
  };
  await simulateOnPackets(chain, { data: call.data, from: wallet.address }, signal);
  await ensureChain(chain, wallet, signal);
  await sendAndWait(core, wallet, call);
  return lookAtPacket(core, conversationId, messageId);
}
