import { type Hex, zeroAddress, zeroHash } from "viem";
import { expect, test, vi } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { withdrawShare } from "../../src/packets/withdraw.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { Address } from "../../src/types/primitives.ts";
import { packetCore } from "../support/packetChain.ts";
import { settled } from "../support/settled.ts";

const wallet: Address = `0x${"a1".repeat(20)}`;
const view = { packetId: 7, mine: { wallet }, asset: { chainId: 1, token: zeroAddress } };
vi.mock("../../src/packets/look.ts", () => ({ lookAtPacket: async () => view }));
vi.mock("../../src/chain/actions/readKept.ts", () => ({ readKept: async () => 5n }));

const hash: Hex = `0x${"66".repeat(32)}`;

function world(isMined: boolean) {
  const { core } = packetCore({
    packet: {
      ...{ creator: wallet, token: zeroAddress, key: wallet, chainHead: zeroHash, lucky: false },
      ...{ total: 100n, left: 100n, expiresAt: 2_000_000_000, shares: 5, issued: 0, paid: 0 },
    },
    ...{ block: 1, owners: {}, used: false, head: 50, time: 1_900_000_000, takes: ["withdraw"] },
  });
  const { requestAt } = core.chain.rpc;
  const hide = async (...args: Parameters<typeof requestAt>) =>
    args[1] === "eth_getTransactionReceipt" && !isMined ? null : requestAt(...args);
  Object.assign(core.chain.rpc, { requestAt: hide });
  const doubting: WalletSigner = {
    address: wallet,
    signTypedData: () => Promise.reject(new Error("not asked")),
    sendTransaction: () => Promise.reject(new SkrumbleError("WALLET_SEND_UNSURE", { values: { hash, nonce: 3 } })),
  };
  return withdrawShare(core as unknown as Core, "c", "m", { wallet: doubting });
}

test("a share that the wallet is in doubt of fetching is fetched once that is in a block, and in doubt while it is in none", async () => {
  expect(await world(true)).toBe(view);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const error = await settled(world(false).catch((problem) => problem));
  vi.useRealTimers();
  expect(error).toMatchObject({ code: "WALLET_SEND_UNSURE", values: { hash } });
});
