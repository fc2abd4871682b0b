import type { Core } from "../client/core.ts";
import type { Packets } from "../types/packets.ts";
import { allowancesLeft, disallowPackets } from "./allowances.ts";
import { packetHistory } from "./history.ts";
import { packetPrompts } from "./prompts.ts";

/** @param of the joined client; throws where nobody has joined */
export const clientPackets = (of: () => Core): Packets => ({
  history: async (page = {}) => packetHistory(of(), page),
  prompts: async (packet) => packetPrompts(of(), packet),
  allowances: async () => allowancesLeft(of()),
  disallow: async (left, wallet) => disallowPackets(of(), left, wallet),
});
