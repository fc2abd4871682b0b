import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { diagnose } from "../../../scripts/chain/qbft/watch/diagnose.ts";
import { observe } from "../../../scripts/chain/qbft/watch/observe.ts";
import { summarise } from "../../../scripts/chain/qbft/watch/summary.ts";
import { type Chain, startChain } from "../../../scripts/chain/startChain.ts";
import { root } from "../../../scripts/lib/paths.ts";
import { tempDir } from "../support/temp.ts";
import { fakeNode, networkOf } from "./support.ts";

async function localChain(): Promise<Chain> {
  const chain = await startChain({ blockSeconds: 0.2, chainId: 7587 });
  onTestFinished(() => chain.stop());
  return chain;
}

/** Runs the health check that containers have; its exit code and words. */
function healthy(port: number, seen: string): Promise<{ code: number; text: string }> {
  const script = join(root, "scripts", "chain", "qbft", "healthy.sh");
  return new Promise((resolve) => {
    execFile("bash", [script, String(port), seen], (error, _out, text) => {
      resolve({ code: error ? Number(error.code) : 0, text });
    });
  });
}

it("reads height, block time and fees from a real chain, and knows that it is not QBFT", async () => {
  const chain = await localChain();
  const network = networkOf(4, 0);
  for (;;) {
    const views = await observe(network, { urlOf: () => chain.rpcUrl, outside: [], timeoutMs: 60_000 });
    const now = Date.now();
    const summary = summarise(network, views, now);
    if ((summary.head?.number ?? 0) < 3) {
      await sleep(100);
      continue;
    }
    expect(views[0]).toMatchObject({ alive: true, chainId: 7587, gasPrice: 0n });
    expect(views[0]?.genesisHash).toMatch(/^0x[0-9a-f]{64}$/);
    expect(views[0]?.blocks[0]?.round).toBeUndefined();
    expect(views[0]?.validators).toBeUndefined();
    // This anvil does not know net_peerCount either; the report shows a dash.
    expect(views[0]?.peers).toBeUndefined();
    expect(summary).toMatchObject({ silent: [], quorum: 3, roundChanges: { rounds: 0 } });
    expect(diagnose({ network, views, now, clockOffsetMs: 0 }).map(({ code }) => code)).not.toContain("no-quorum");
    return;
  }
});

it("calls a container healthy while the head of its node advances", async () => {
  const chain = await localChain();
  const seen = join(tempDir(), "head");
  expect(await healthy(chain.port, seen)).toEqual({ code: 0, text: "" });
  // The next block comes within a moment; until then the check says that the head stands still.
  while ((await healthy(chain.port, seen)).code !== 0) await sleep(50);
});

it("does not call it healthy when the head stands still, the answer is an error or nobody answers", async () => {
  const seen = join(tempDir(), "head");
  const still = await fakeNode({ eth_blockNumber: () => "0x10" }, ["localhost"]);
  expect((await healthy(still.port, seen)).code).toBe(0);
  expect(await healthy(still.port, seen)).toMatchObject({ code: 1, text: "The head stands still at block 16.\n" });
  const dumb = await fakeNode({}, ["localhost"]);
  expect(await healthy(dumb.port, seen)).toMatchObject({ code: 1, text: "The node did not tell its head.\n" });
  expect((await healthy(1, seen)).code).not.toBe(0);
});
