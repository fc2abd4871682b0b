import { expect, test, vi } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { claimShare } from "../../src/packets/claim.ts";
import type { ConversationId } from "../../src/types/primitives.ts";

const { claimPacket, lookAtPacket, readTicket } = vi.hoisted(() => ({
  claimPacket: vi.fn(),
  lookAtPacket: vi.fn(),
  readTicket: vi.fn(),
}));
vi.mock("../../src/chain/actions/claimPacket.ts", () => ({ claimPacket }));
vi.mock("../../src/chain/actions/readTicket.ts", () => ({ readTicket }));
vi.mock("../../src/identity/controller.ts", () => ({ isControllerOf: () => true }));
vi.mock("../../src/packets/follow.ts", () => ({ wakePackets: () => undefined }));
vi.mock("../../src/packets/look.ts", () => ({ lookAtPacket }));
vi.mock("../../src/packets/verified.ts", () => ({
  ownIdentity: async () => ({ id: 5n, owner: "0x1" }),
  verifiedPacket: async () => ({ said: { packetId: 7, block: 1, key: "0x2" }, packet: { issued: 0, shares: 2 } }),
}));

const view = { packetId: 7 };
const newCore = () =>
  ({
    ...{ chain: {}, self: { controller: "0x3" }, signal: new AbortController().signal },
    vault: { write: async () => undefined },
    serial: { run: (_: string, task: () => Promise<unknown>) => task() },
  }) as unknown as Core;
const claim = (core: Core) => claimShare(core, "c" as ConversationId, "m");
const fault = new SkrumbleError("CHAIN_UNREACHABLE");

test("whoever was told of a fault of the network and asks again has the share that came through, and is told once", async () => {
  lookAtPacket.mockResolvedValue(view);
  const failing = [
    () => claimPacket.mockRejectedValueOnce(fault),
    () => lookAtPacket.mockRejectedValueOnce(fault),
    () => {
      claimPacket.mockRejectedValueOnce(new SkrumbleError("PACKET_ALREADY_CLAIMED"));
      readTicket.mockResolvedValueOnce(undefined).mockRejectedValueOnce(fault);
    },
  ];
  for (const fail of failing) {
    const core = newCore();
    claimPacket.mockReset().mockResolvedValue({});
    readTicket.mockReset().mockResolvedValue(undefined);
    fail();
    await expect(claim(core)).rejects.toBe(fault);
    readTicket.mockReset().mockResolvedValue({ place: 1 });
    const sent = claimPacket.mock.calls.length;
    expect(await claim(core)).toBe(view);
    expect(claimPacket).toHaveBeenCalledTimes(sent);
    await expect(claim(core)).rejects.toMatchObject({ code: "PACKET_ALREADY_CLAIMED" });
  }
});

test("what the chain refused is refused, and a share that another device took is said to be there already", async () => {
  const core = newCore();
  claimPacket.mockReset().mockRejectedValueOnce(new SkrumbleError("PACKET_EXPIRED"));
  readTicket.mockReset().mockResolvedValue(undefined);
  await expect(claim(core)).rejects.toMatchObject({ code: "PACKET_EXPIRED" });
  readTicket.mockResolvedValue({ place: 1 });
  await expect(claim(core)).rejects.toMatchObject({ code: "PACKET_ALREADY_CLAIMED" });
});
