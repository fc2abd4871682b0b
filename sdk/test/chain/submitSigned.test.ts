import { numberToHex, zeroAddress, zeroHash } from "viem";
import { expect, test, vi } from "vitest";
import { setDevices } from "../../src/chain/actions/setDevices.ts";
import type { Chain } from "../../src/chain/chain.ts";
import { contractsAt } from "../support/contracts.ts";

/** Relays of an operator each that say these numbers; asked in their order. */
function relays(...numbers: number[]): Chain {
  vi.spyOn(Math, "random").mockReturnValue(0.999);
  const answers = numbers.map((number) => numberToHex(number, { size: 32 }));
  const rpc = {
    endpoints: () => numbers.map((_, at) => ({ url: `${at}`, operator: `${at}` })),
    request: async () => answers[0],
    requestAt: async ({ url }: { url: string }) => answers[Number(url)],
  };
  return { network: { chainId: 1, name: "n", contracts: contractsAt(zeroAddress) }, rpc } as Chain;
}

/** What a wallet is asked to sign a list of devices with; it refuses, so that nothing is sent. */
async function signedWith(chain: Chain): Promise<unknown> {
  let nonce: unknown;
  const no = new Error("no");
  const change = { identityId: 7n, deviceRoot: zeroHash, devices: [], deadline: 1n };
  const sign = async ({ message }: { message: Record<string, unknown> }) => {
    nonce = message.nonce;
    throw no;
  };
  await expect(setDevices(chain, { ...change, sign })).rejects.toBe(no);
  return nonce;
}

test("a wallet signs a change with the number that two operators say, never with one that one of them made up", async () => {
  expect(await signedWith(relays(3, 2, 2))).toBe(2n);
  expect(await signedWith(relays(2, 3, 2))).toBe(2n);
});
