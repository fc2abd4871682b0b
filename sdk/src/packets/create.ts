import { generatePrivateKey } from "viem/accounts";
import * as z from "zod";
import { packetTypedData } from "../chain/actions/createPacket.ts";
import { readBalance } from "../chain/actions/readBalance.ts";
import { readAgreedHead } from "../chain/actions/readBlock.ts";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import type { Core } from "../client/core.ts";
import { maxPacketMessage, maxShares } from "../conversation/content/packet.ts";
import { cleanLine, isBlank } from "../conversation/content/text.ts";
import { inOrder } from "../conversation/send/inOrder.ts";
import { newMessageId } from "../conversation/send/sendContent.ts";
import { shownMessages } from "../conversation/view.ts";
import { toHex } from "../crypto/bytes.ts";
import { codeOf, SkrumbleError } from "../errors/index.ts";
import { ensureChain, signChecked } from "../identity/wallet.ts";
import type { Message, WalletSigner } from "../types/client.ts";
import type { PacketInput } from "../types/packets.ts";
import type { ConversationId } from "../types/primitives.ts";
import { appears, finishPacket } from "./finish.ts";
import { holdPacket, isHeld, wakePackets } from "./follow.ts";
import { goOnInstead } from "./goOnInstead.ts";
import { newSecret } from "./hashChain.ts";
import { dropMade, keepMade, type MadePacket } from "./records.ts";
import { reservePacket, sendPacket } from "./send.ts";
import { termsOf } from "./terms.ts";
import { ownIdentity, sameAddress } from "./verified.ts";

const minute = 60_000;
const longest = 365 * 86_400_000;
const most = 2n ** 128n - 1n;

const schema = z.object({
  amount: z.bigint().min(1n).max(most),
  shares: z.int().min(1).max(maxShares),
  lucky: z.boolean(),
  expiresAt: z.number(),
  message: z
    .string()
    .max(4 * maxPacketMessage)
    .transform((typed) => cleanLine(typed, maxPacketMessage))
    .optional(),
});

/**
 * Makes a packet and says it in a conversation, see `ConversationPackets.create`. What makes it work is kept before the wallet is
 * asked, and every step can be taken again: the signature works once, the message has its id from the beginning.
 * @throws as `ConversationPackets.create`
 */
export async function createPacketMessage(
  core: Core,
  conversationId: ConversationId,
  input: PacketInput,
  wallet: WalletSigner,
): Promise<Message> {
  const planned = await prepared(core, conversationId, input, wallet);
  const release = holdPacket(core, planned.messageId);
  try {
    const made = await agreedTo(core, planned, wallet, input.replace === true);
    const said = await finishPacket(core, made).catch((error: unknown) => {
      if (made.refused || codeOf(error) === "PACKET_NOT_MADE" || core.signal.aborted) throw error;
      // It is signed and goes on by itself: whoever tried again would pay twice.
      throw new SkrumbleError("PACKET_UNDER_WAY", { cause: error });
    });
    return (await shownMessages(core, conversationId, [said]))[0] as Message;
  } finally {
    release();
    wakePackets(core);
  }
}

/** Kept, and then agreed to by the wallet. */
async function agreedTo(core: Core, made: MadePacket, wallet: WalletSigner, replace: boolean): Promise<MadePacket> {
  if (sameAddress(made.token, core.chain.network.contracts.skm)) {
    await goOnInstead(core, made);
    await keepMade(core.vault, made);
    await sign(core, made, wallet);
    return made;
  }
  const isAsked = ({ messageId }: MadePacket) => messageId !== made.messageId && isHeld(core, messageId);
  const reserved = await reservePacket(core, made, { replace, isAsked });
  await sendPacket(core, reserved, wallet);
  await appears(core, reserved.made);
  return reserved.made;
}

async function prepared(
  core: Core,
  conversationId: ConversationId,
  input: PacketInput,
  wallet: WalletSigner,
): Promise<MadePacket> {
  const { chain, signal } = core;
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new SkrumbleError("INPUT_INVALID", { details: "Not a red packet." });
  const { amount, shares, lucky, message } = parsed.data;
  const { chainId, token } = input.asset;
  if (chainId !== chain.network.chainId) throw new SkrumbleError("PACKET_ASSET_UNSUPPORTED");
  if (amount < BigInt(shares)) throw new SkrumbleError("PACKET_TOO_SMALL");
  const lives = parsed.data.expiresAt - core.now();
  if (!(lives >= minute && lives <= longest)) throw new SkrumbleError("PACKET_EXPIRY_INVALID");
  // Others take it for its author's by the wallet that paid.
  const own = await ownIdentity(core);
  if (!own) throw new SkrumbleError("IDENTITY_REVOKED");
  if (!sameAddress(own.owner, wallet.address)) throw new SkrumbleError("WALLET_WRONG_ACCOUNT");
  const asset = await core.payments.assets.read({ chainId, token });
  const isSkm = sameAddress(asset.token, chain.network.contracts.skm);
  if (!isSkm && !wallet.sendTransaction) throw new SkrumbleError("WALLET_CANNOT_SEND");
  await ensureChain(chain, wallet, signal);
  // Nobody is asked for what could not be told in the conversation.
  await inOrder(core, conversationId, async () => undefined);
  const balance = await readBalance(chain, asset.token, wallet.address, { quorum: true, signal });
  if (balance < amount) throw new SkrumbleError("AMOUNT_OVER_BALANCE");
  return {
    ...{ conversationId, messageId: newMessageId() },
    key: generatePrivateKey(),
    ...(lucky ? { secret: newSecret() } : {}),
    ...{ creator: wallet.address, token: asset.token, amount: String(amount), shares },
    expiresAt: Math.floor(parsed.data.expiresAt / 1000),
    validBefore: Number(await readDeadline(chain, core.now(), signal)),
    ...(message === undefined || isBlank(message) ? {} : { message }),
    from: Number((await readAgreedHead(chain, signal)).number),
  };
}

/** Without the wallet's word nothing of it stays. */
async function sign(core: Core, made: MadePacket, wallet: WalletSigner): Promise<void> {
  const { creator } = made;
  const request = { terms: termsOf(made), creator, validBefore: BigInt(made.validBefore) };
  const signed = await signChecked(core.chain, wallet, packetTypedData(core.chain, request), core.signal).catch(
    async (error) => {
      if (!core.signal.aborted) await dropMade(core.vault, made.messageId);
      throw error;
    },
  );
  made.signature = toHex(signed.bytes);
  await keepMade(core.vault, made);
}
