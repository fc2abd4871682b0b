import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Deployment } from "../../scripts/deploy/types.ts";
import { freePort } from "../../scripts/lib/ports.ts";
import { processes } from "./support/processes.ts";
import { starter } from "./support/starter.ts";
import { tempDir } from "./support/temp.ts";

const RUNNING = "Skrumble is running.";

const deployment = (folder: string) => JSON.parse(readFileSync(join(folder, "deployment.json"), "utf8")) as Deployment;
const addressOf = async (run: ReturnType<typeof starter>) => (await run.until(/Open\s+(http:\S+)/))[1] as string;

interface NetworkInfo {
  relayId: number;
  contracts: Record<string, string>;
}
const network = async (url: string) => (await (await fetch(`${url}/network.json`)).json()) as NetworkInfo;

it("starts, explains a second start, stops on Ctrl-C and goes on later with the same network", async () => {
  const folder = tempDir();
  const first = starter(folder);
  const url = await addressOf(first);
  await first.until(RUNNING);
  const before = await network(url);
  expect(before.relayId).toBeGreaterThan(0);
  for (const file of ["keys/deployer.key", "relays/1/operator.key", "relays/1/relay.key.json", "chain/state.gz"]) {
    expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  }

  const second = starter(folder);
  expect(await second.ended()).toBe(1);
  expect(second.output()).toContain(`already running (process ${first.pid}) at ${url}`);

  expect(await first.end("SIGINT")).toBe(0);
  expect(first.output()).toContain("Everything is kept");
  expect(processes().filter(({ command }) => command.includes(folder))).toEqual([]);

  const third = starter(folder);
  const after = await network(await addressOf(third));
  expect(third.output()).toContain("The contracts are in place");
  expect(after).toMatchObject({ relayId: before.relayId, contracts: before.contracts });
});

it("stops at once on Ctrl-C while it is still starting", async () => {
  const folder = tempDir();
  const run = starter(folder);
  await run.until("The chain runs");
  expect(await run.end("SIGINT")).toBe(0);
  expect(existsSync(join(folder, "running.json"))).toBe(false);
  const again = starter(folder);
  await again.until(RUNNING);
});

it("loses nothing when it is killed outright, and cleans up after it", async () => {
  const folder = tempDir();
  const killed = starter(folder);
  const before = await network(await addressOf(killed));
  await killed.end("SIGKILL");
  const again = starter(folder);
  expect(await network(await addressOf(again))).toMatchObject(before);
  expect(again.output()).toContain("The contracts are in place");
  expect(await again.end("SIGTERM")).toBe(0);
  expect(processes().filter(({ command }) => command.includes(folder))).toEqual([]);
});

it("uses the next port when one is taken, and says so", async () => {
  const port = await freePort();
  const stranger = createServer();
  await new Promise<void>((resolve) => stranger.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void stranger.close());
  const run = starter(tempDir(), ["--port", String(port)]);
  const url = await addressOf(run);
  expect(run.output()).toMatch(new RegExp(`Port ${port} for relay 1 is taken.*\\d+ is used instead`));
  expect(url).not.toContain(`:${port}`);
  expect((await network(url)).relayId).toBeGreaterThan(0);
});

it("begins anew when asked to, and keeps the old network", async () => {
  const folder = tempDir();
  const first = starter(folder);
  await first.until(RUNNING);
  const old = deployment(folder);
  await first.end("SIGINT");
  const anew = starter(folder, ["--reset"]);
  await anew.until(RUNNING);
  expect(anew.output()).toContain("Beginning anew; the old network is kept in");
  expect(deployment(folder).contracts.skm).not.toBe(old.contracts.skm);
  const kept = readdirSync(folder).find((name) => name.startsWith("before-reset-")) as string;
  expect(deployment(join(folder, kept))).toEqual(old);
});

it("takes over the lock of a process that is gone", async () => {
  const folder = tempDir();
  const gone = starter(folder, ["--port", "wrong"]);
  expect(await gone.ended()).toBe(1);
  writeFileSync(join(folder, "running.json"), JSON.stringify({ pid: gone.pid }));
  const run = starter(folder);
  await run.until(RUNNING);
});

it("sets a damaged network aside and begins anew", async () => {
  const folder = tempDir();
  mkdirSync(join(folder, "keys"), { recursive: true });
  writeFileSync(join(folder, "deployment.json"), "{ half a fi");
  const run = starter(folder);
  await run.until(RUNNING);
  expect(run.output()).toContain("The saved network is damaged");
  const kept = readdirSync(folder).find((name) => name.startsWith("broken-")) as string;
  expect(readFileSync(join(folder, kept, "deployment.json"), "utf8")).toBe("{ half a fi");
});

it("goes on when the chain's snapshots are broken: a new chain, the same relays", async () => {
  const folder = tempDir();
  const first = starter(folder);
  await first.until(RUNNING);
  await first.end("SIGINT");
  writeFileSync(join(folder, "chain", "state.gz"), "x");
  rmSync(join(folder, "chain", "state.gz.previous"), { force: true });
  const again = starter(folder);
  const url = await addressOf(again);
  expect(again.output()).toContain("the chain begins anew");
  expect((await network(url)).relayId).toBeGreaterThan(0);
});

it("brings a relay that crashed back", async () => {
  const run = starter(tempDir());
  const url = await addressOf(run);
  const relay = processes().find(
    ({ parent, command }) => parent === run.pid && command.includes("relay/src/server.ts"),
  );
  process.kill(relay?.pid as number, "SIGKILL");
  await run.until(/Relay \d stopped \(SIGKILL\) and is being restarted/);
  await run.until(/Relay \d runs again/);
  expect((await network(url)).relayId).toBeGreaterThan(0);
});

it("refuses what it does not understand in one sentence", async () => {
  for (const args of [["--port", "http"], ["--reste"], ["--block-seconds", "0"]]) {
    const run = starter(tempDir(), args);
    expect(await run.ended()).toBe(1);
    expect(run.output()).not.toContain("    at ");
    expect(run.output().trim().split("\n")).toHaveLength(1);
  }
});

it("explains a folder it cannot use", async () => {
  const file = join(tempDir(), "file");
  writeFileSync(file, "a file");
  const run = starter(join(file, "state"));
  expect(await run.ended()).toBe(1);
  expect(run.output()).toContain("cannot be used (ENOTDIR)");
  expect(run.output()).toContain("SKRUMBLE_STATE_DIR=");
});

it("moves a file away that lies where its folder belongs", async () => {
  const folder = join(tempDir(), "state");
  writeFileSync(folder, "a file");
  const run = starter(folder, [], "chain");
  await run.until("was not a folder");
  await run.until("The local chain");
  expect(existsSync(join(folder, "chain"))).toBe(true);
});
