import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { privateKeyToAccount } from "viem/accounts";
import { expect, it, onTestFinished } from "vitest";
import { rpc } from "../../scripts/chain/rpc.ts";
import { previousOf, readSnapshot } from "../../scripts/chain/snapshots.ts";
import { type Chain, type ChainEvent, type ChainOptions, startChain } from "../../scripts/chain/startChain.ts";
import { createSender } from "../../scripts/deploy/sender.ts";
import { randomKey } from "../../scripts/lib/keys.ts";
import { tempDir } from "./support/temp.ts";

async function start(options: ChainOptions = {}): Promise<Chain> {
  const chain = await startChain({ blockSeconds: 0.1, ...options });
  onTestFinished(() => chain.stop());
  return chain;
}

const account = privateKeyToAccount(randomKey());

/** Puts a transaction on the chain; returns how many this account has sent. */
async function send(chain: Chain): Promise<number> {
  const sender = createSender({ rpcUrl: chain.rpcUrl, chainId: chain.chainId, account });
  await sender.send(
    account.address,
    [{ type: "function", name: "a", inputs: [], outputs: [], stateMutability: "view" }],
    "a",
    [],
  );
  return sent(chain);
}

const sent = async (chain: Chain): Promise<number> =>
  Number(await rpc<string>(chain.rpcUrl, "eth_getTransactionCount", [account.address, "latest"]));

/** Waits until `met` holds. */
async function until(met: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await met())) await sleep(50);
}

it("continues where it stopped, old blocks included", async () => {
  const snapshotFile = join(tempDir(), "state.gz");
  const first = await start({ snapshotFile });
  expect(await send(first)).toBe(1);
  const head = await rpc<{ number: string; hash: string }>(first.rpcUrl, "eth_getBlockByNumber", ["latest", false]);
  await first.stop();

  const second = await start({ snapshotFile });
  expect(await sent(second)).toBe(1);
  const again = await rpc<{ hash: string }>(second.rpcUrl, "eth_getBlockByNumber", [head.number, false]);
  expect(again.hash).toBe(head.hash);
  expect(await send(second)).toBe(2);
});

it("asks for no fees and gives nobody coins", async () => {
  const chain = await start();
  expect(await rpc(chain.rpcUrl, "eth_accounts")).toEqual([]);
  const block = await rpc<{ baseFeePerGas: string }>(chain.rpcUrl, "eth_getBlockByNumber", ["latest", false]);
  expect(Number(block.baseFeePerGas)).toBe(0);
  expect(await send(chain)).toBe(1);
});

it("restarts from the last snapshot when it is killed", async () => {
  const snapshotFile = join(tempDir(), "state.gz");
  const events: ChainEvent[] = [];
  const chain = await start({ snapshotFile, onEvent: (event) => events.push(event) });
  await send(chain);
  await chain.snapshot();
  process.kill(chain.pid as number, "SIGKILL");
  await until(() => events.some(({ kind }) => kind === "restarted"));
  expect(await sent(chain)).toBe(1);
});

it("writes a snapshot by itself once a transaction was mined, and keeps the one before", async () => {
  const snapshotFile = join(tempDir(), "state.gz");
  const chain = await start({ snapshotFile });
  await send(chain);
  await until(() => existsSync(snapshotFile));
  const first = readFileSync(snapshotFile);
  await send(chain);
  await until(() => existsSync(previousOf(snapshotFile)));
  expect(readFileSync(previousOf(snapshotFile))).toEqual(first);
});

it("goes away and comes back on the same port", async () => {
  const chain = await start();
  await send(chain);
  await chain.halt();
  await expect(rpc(chain.rpcUrl, "eth_blockNumber", [], 1_000)).rejects.toThrow();
  await chain.resume();
  expect(await sent(chain)).toBe(1);
});

it("takes over a chain whose starter was killed, with everything it had done since", async () => {
  const snapshotFile = join(tempDir(), "state.gz");
  const orphaned = await start({ snapshotFile });
  await send(orphaned);
  await send(orphaned);
  // As if the first starter was gone: nobody stops its process, nobody wrote a snapshot.
  const next = await start({ snapshotFile });
  expect(await sent(next)).toBe(2);
  expect(next.pid).not.toBe(orphaned.pid);
});

it("uses the previous snapshot when the last one is broken, and keeps the broken one", async () => {
  const folder = tempDir();
  const snapshotFile = join(folder, "state.gz");
  const chain = await start({ snapshotFile });
  await send(chain);
  await chain.snapshot();
  await send(chain);
  await chain.stop();
  truncateSync(snapshotFile, 100);

  const events: ChainEvent[] = [];
  const again = await start({ snapshotFile, onEvent: (event) => events.push(event) });
  expect(await sent(again)).toBeGreaterThanOrEqual(1);
  expect(events[0]).toMatchObject({ kind: "loaded", from: "previous", broken: [expect.stringContaining("broken-")] });
  expect(readdirSync(folder).filter((name) => name.includes("broken-"))).toHaveLength(1);
});

it("begins anew, saying so, when no snapshot can be read", async () => {
  const folder = tempDir();
  const snapshotFile = join(folder, "state.gz");
  writeFileSync(snapshotFile, "not a snapshot");
  writeFileSync(previousOf(snapshotFile), Buffer.alloc(0));
  expect(readSnapshot(snapshotFile)).toMatchObject({ from: "none", broken: [expect.any(String), expect.any(String)] });
  expect(readdirSync(folder)).toHaveLength(2);
  const chain = await start({ snapshotFile });
  expect(await send(chain)).toBe(1);
});

it("leaves nothing behind when it is stopped while it comes up again after a crash", async () => {
  for (const after of [0, 260, 320, 400, 600]) {
    const chain = await start();
    const { rpcUrl } = chain;
    process.kill(chain.pid as number, "SIGKILL");
    await sleep(after);
    await chain.stop();
    // Whatever was coming up has had time to.
    await sleep(1_000);
    await expect(rpc(rpcUrl, "eth_blockNumber")).rejects.toThrow();
  }
});
