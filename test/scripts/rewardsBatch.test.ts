import { join } from "node:path";
import { numberToHex, type PublicClient } from "viem";
import { expect, it, onTestFinished } from "vitest";
import { startChain } from "../../scripts/chain/startChain.ts";
import { writeJson } from "../../scripts/lib/files.ts";
import { readProposers } from "../../scripts/rewards/read/proposers.ts";
import { placeOf } from "../../scripts/rewards/verbs/options.ts";
import { reorderedBatch } from "../support/faults/reorderedBatch.ts";
import { startFaultyRpc } from "../support/faultyRpc.ts";
import { tempDir } from "./support/temp.ts";

/** The verbs of the rewards are the only ones of ours that ask a node in batches, beside a relay that gives out shards. */

it("reads who proposed which block from a node that answers a batch in another order", async () => {
  const chain = await startChain({ blockSeconds: 3600 });
  onTestFinished(() => chain.stop());
  const nodes = await startFaultyRpc(chain.rpcUrl);
  onTestFinished(() => nodes.stop());
  const address = (number: number) => numberToHex(number, { size: 20 });
  const contracts = { skm: address(0xa0), relayRegistry: address(0xa1), operatorRewards: address(0xa2) };
  const file = join(tempDir(), "test.json");
  writeJson(file, { name: "test", chainId: chain.chainId, fromBlock: 0, contracts });
  const { client } = await placeOf({ deployment: file, "rpc-url": nodes.url("one") }, "");
  const ask = (method: string, ...params: unknown[]) => client.request({ method, params } as never);
  const proposers = Array.from({ length: 150 }, (_, index) => address(index + 1));
  for (const proposer of proposers) {
    await ask("anvil_setCoinbase", proposer);
    await ask("anvil_mine", "0x1");
  }
  const reordered = nodes.inject(reorderedBatch(), "one");
  expect(await readProposers(client as PublicClient, 1, proposers.length)).toEqual(proposers);
  // 100 in a batch at most.
  expect(reordered.hits()).toBeGreaterThanOrEqual(2);
});
