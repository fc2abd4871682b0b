import type { Core } from "../client/core.ts";
import type { PacketRow, PacketSeen } from "../conversation/content/packetIndex.ts";
import type { PacketEntry, PacketStage, PacketSum } from "../types/packets.ts";
import type { MadePacket } from "./records.ts";

/** A packet's message, and what the chain last showed. */
export interface Known {
  row: PacketRow;
  given: boolean;
  seen: PacketSeen | undefined;
}

/** Given by this person, or opened. */
export const isMine = ({ given, seen }: Known): boolean => given || seen?.mine !== undefined;

/** Somebody else's that was over without a share of this person stays so; a share that is kept may be fetched. */
export function mayChange({ given, seen }: Known): boolean {
  if (!seen || seen.kept !== undefined) return true;
  if (seen.done) return false;
  return given || seen.state === "open" || seen.state === "waiting" || seen.state === "received";
}

const whole = (digits: string | undefined): bigint => BigInt(digits ?? "0");

function stageOf(core: Core, { row, seen }: Known): PacketStage {
  if (seen?.returned !== undefined) return "refunded";
  if (seen?.taken === row.body.shares) return "taken";
  return row.body.expiresAt <= core.now() ? "over" : "open";
}

export function entryOf(core: Core, known: Known, current: boolean): PacketEntry {
  const { row, given, seen } = known;
  const { conversationId, id, from, at, body } = row;
  const { asset, shares, lucky, message, expiresAt } = body;
  return {
    ...{ conversationId, messageId: id, at, from, given, asset, stage: stageOf(core, known) },
    ...{ shares, lucky, message, expiresAt, current },
    ...(seen ? { seen: seen.at, taken: seen.taken, total: BigInt(seen.total), left: BigInt(seen.left) } : {}),
    ...(seen?.returned === undefined ? {} : { returned: BigInt(seen.returned) }),
    ...(seen?.mine ? { mine: seen.mine.amount === undefined ? {} : { amount: BigInt(seen.mine.amount) } } : {}),
    ...(seen?.kept === undefined ? {} : { kept: BigInt(seen.kept) }),
  };
}

/** What was signed or asked for is good for an hour. */
const lifetime = 3600;

/** Of what this device was making, and the chain does not show. */
export const unsureEntry = (core: Core, made: MadePacket): PacketEntry => ({
  ...{ conversationId: made.conversationId, messageId: made.messageId, at: (made.validBefore - lifetime) * 1000 },
  ...{ from: core.self.identity.publicId, given: true, stage: "unsure", shares: made.shares },
  asset: { chainId: core.chain.network.chainId, token: made.token },
  ...{ lucky: made.secret !== undefined, message: made.message, expiresAt: made.expiresAt * 1000 },
  ...{ total: BigInt(made.amount), current: false },
});

/** By asset, as far as the chain was asked. */
export function addUp(all: readonly Known[]): PacketSum[] {
  const sums = new Map<string, PacketSum>();
  for (const { row, given, seen } of all) {
    if (!seen || !(given || seen.mine)) continue;
    const { asset } = row.body;
    const key = `${asset.chainId} ${asset.token}`;
    const sum = sums.get(key) ?? { asset, given: 0n, got: 0n };
    if (given) sum.given += whole(seen.total) - whole(seen.returned);
    sum.got += whole(seen.mine?.amount);
    sums.set(key, sum);
  }
  return [...sums.values()];
}
