import { numberToHex } from "viem";
import { mostAtOnce, payPacket } from "../chain/actions/payPacket.ts";
import { readHead } from "../chain/actions/readHead.ts";
import type { PacketRecord } from "../chain/actions/readPacket.ts";
import { readTicket } from "../chain/actions/readTicket.ts";
import { revealWindow } from "../chain/packets.ts";
import { quorumRequest } from "../chain/quorum.ts";
import type { Core } from "../client/core.ts";
import { pauseFor } from "../client/pauseFor.ts";
import type { Hex } from "../types/primitives.ts";
import { linkAt } from "./hashChain.ts";
import { readShares, type Share } from "./readShares.ts";

/** Everybody who waits may settle: not all of them at the same moment. */
const spread = 3000;

/**
 * Has the oldest shares paid that wait: drawn, where this device made the packet and it is time, or settled as equal shares where its
 * creator was away too long.
 * @param made of the packet's creator; whoever else waits can only settle
 */
export async function payWaiting(
  core: Core,
  at: { packetId: number; block: number },
  packet: PacketRecord,
  made?: { secret?: Hex; shares: number },
): Promise<"soon" | "later"> {
  const waiting = (await readShares(core, at, packet)).slice(packet.paid, packet.paid + mostAtOnce);
  const [oldest] = waiting;
  if (!oldest) return "soon";
  const head = await readHead(core.chain, core.signal);
  const packetId = BigInt(at.packetId);
  if (!packet.lucky || head > oldest.block + revealWindow) {
    if (!made) await pauseFor(core.signal, Math.random() * spread);
    await tryPay(core, { packetId, identityIds: waiting.map(({ identityId }) => identityId) });
    return "soon";
  }
  if (made?.secret === undefined) return "soon";
  const ripe = waiting.filter(({ block }) => block < head);
  const last = ripe.at(-1);
  if (!last || !(await isRipe(core, packetId, last))) return "soon";
  const link = linkAt(made.secret, made.shares, last.place);
  await tryPay(core, { packetId, identityIds: ripe.map(({ identityId }) => identityId), link });
  return "soon";
}

/**
 * A link that is shown too early tells somebody who makes blocks what a share would come to. So two operators have to know the last
 * share and the block after it.
 */
async function isRipe(core: Core, packetId: bigint, { identityId, place, block }: Share): Promise<boolean> {
  const { chain, signal } = core;
  const ticket = await readTicket(chain, { packetId, identityId }, { quorum: true, signal });
  if (ticket?.place !== place || ticket.block !== block) return false;
  const after = await quorumRequest(chain.rpc, "eth_getBlockByNumber", [numberToHex(block + 1n), false], signal);
  return after !== null;
}

/** Others may have been faster, or it is a block too early: the next look tells. */
async function tryPay(core: Core, input: { packetId: bigint; identityIds: bigint[]; link?: Hex }): Promise<void> {
  await payPacket(core.chain, input, { signal: core.signal }).catch((error) => {
    if (core.signal.aborted) throw error;
  });
}
