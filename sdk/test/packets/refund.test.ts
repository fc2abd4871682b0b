import { expect, test, vi } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { type ErrorCode, SkrumbleError } from "../../src/errors/index.ts";
import { refundRest } from "../../src/packets/refund.ts";
import type { PacketView } from "../../src/types/packets.ts";
import type { ConversationId } from "../../src/types/primitives.ts";

const { refundPacket, lookAtPacket } = vi.hoisted(() => ({ refundPacket: vi.fn(), lookAtPacket: vi.fn() }));
vi.mock("../../src/chain/actions/refundPacket.ts", () => ({ refundPacket }));
vi.mock("../../src/packets/look.ts", () => ({ lookAtPacket }));
vi.mock("../../src/packets/verified.ts", () => ({
  verifiedPacket: async () => ({ said: { packetId: "7" }, packet: { creator: "0x1" } }),
}));

/** How a refund ends when the chain refuses it with a code and shows a packet of which so much was returned. */
function refund(code: ErrorCode, returned?: bigint): Promise<PacketView> {
  refundPacket.mockRejectedValueOnce(new SkrumbleError(code));
  lookAtPacket.mockResolvedValueOnce(returned === undefined ? {} : { returned });
  return refundRest({} as Core, "c" as ConversationId, "m");
}

test("that somebody else sent the rest back a moment before is no failure", async () => {
  expect(await refund("PACKET_NOTHING_LEFT", 2n)).toEqual({ returned: 2n });
});

test("of a packet of which nothing was returned, that nothing is left is said", async () => {
  await expect(refund("PACKET_NOTHING_LEFT")).rejects.toMatchObject({ code: "PACKET_NOTHING_LEFT" });
  await expect(refund("PACKET_NOTHING_LEFT", 0n)).rejects.toMatchObject({ code: "PACKET_NOTHING_LEFT" });
});

test("another refusal is said as it is", async () => {
  await expect(refund("PAYMENT_REFUSED", 2n)).rejects.toMatchObject({ code: "PAYMENT_REFUSED" });
});
