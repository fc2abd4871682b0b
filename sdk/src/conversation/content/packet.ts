import * as z from "zod";
import type { PacketBody } from "../../types/packets.ts";
import { asset, hash } from "./fields.ts";
import { cleanLine, isBlank } from "./text.ts";

export const maxPacketMessage = 140;
export const maxShares = 100;

const fields = {
  packetId: z.int().min(1),
  asset,
  shares: z.int().min(1).max(maxShares),
  lucky: z.boolean(),
  expiresAt: z.int().min(0),
  message: z
    .string()
    .max(4 * maxPacketMessage)
    .transform((typed) => cleanLine(typed, maxPacketMessage))
    .transform((line) => (isBlank(line) ? undefined : line))
    .optional(),
  /** Secret of the packet's secp256k1 key: whoever has it may open the packet. */
  key: hash,
  /** In which it was made: nothing of it is older. */
  block: z.int().min(0),
};

export const packetContent = z.object({ kind: z.literal("packet"), ...fields });

/** As the history keeps it; its key is shown to nobody. */
export const storedPacket = z.object({ type: z.literal("packet"), ...fields });
export type StoredPacket = z.infer<typeof storedPacket>;

export const shownPacket = ({ key: _, block: __, ...body }: StoredPacket): PacketBody => body;
