import { zeroAddress } from "viem";
import { readDeadline } from "../chain/actions/readDeadline.ts";
import type { Core } from "../client/core.ts";
import { SkrumbleError } from "../errors/index.ts";
import type { AssetId } from "../types/money.ts";
import type { PacketPrompt } from "../types/packets.ts";
import { planAllowance } from "./allow.ts";
import { sameAddress } from "./verified.ts";

const prompts = {
  nothing: ["send"],
  permit: ["permit", "send"],
  approval: ["approve", "send"],
  reset: ["approve", "approve", "send"],
} as const;

/** What the wallet would be asked for a packet. @throws as `Packets.prompts` */
export async function packetPrompts(
  core: Core,
  { asset: { chainId, token }, amount }: { asset: AssetId; amount: bigint },
): Promise<readonly PacketPrompt[]> {
  const { chain, self, signal } = core;
  if (chainId !== chain.network.chainId) throw new SkrumbleError("PACKET_ASSET_UNSUPPORTED");
  if (sameAddress(token, chain.network.contracts.skm)) return ["sign"];
  if (token === zeroAddress) return ["send"];
  const deadline = await readDeadline(chain, core.now(), signal);
  return prompts[(await planAllowance(core, self.identity.wallet, { token, amount, deadline })).by];
}
