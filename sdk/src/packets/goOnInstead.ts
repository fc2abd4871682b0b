import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import { isVoid } from "./finish.ts";
import { dropMade, keepMade, keptPackets, type MadePacket } from "./records.ts";
import { isLike } from "./send.ts";

/**
 * A wallet that has signed such a packet is not asked for another one while the signature holds: whoever saw it may submit it.
 * That one goes on by itself instead, also after it was refused. @throws SkrumbleError PACKET_UNDER_WAY, CHAIN_UNREACHABLE, QUORUM_FAILED
 */
export const goOnInstead = (core: Core, made: MadePacket): Promise<void> =>
  core.serial.run("packet sent", async () => {
    for (const earlier of (await keptPackets(core.vault)).made) {
      if (earlier.signature === undefined || !isLike(earlier, made)) continue;
      if (await isVoid(core, earlier)) {
        await dropMade(core.vault, earlier.messageId);
        continue;
      }
      delete earlier.refused;
      await keepMade(core.vault, earlier);
      throw new SkrumbleError("PACKET_UNDER_WAY");
    }
  });
