import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { rpc } from "../../scripts/chain/rpc.ts";
import { type Chain, startChain } from "../../scripts/chain/startChain.ts";
import { compileContracts } from "../../scripts/codegen/compile.ts";
import { deployContracts } from "../../scripts/deploy/deployContracts.ts";
import { readNetwork } from "../../scripts/deploy/networks.ts";
import { readJson, writeJson } from "../../scripts/lib/files.ts";
import { randomKey, readKeyFile } from "../../scripts/lib/keys.ts";
import { root } from "../../scripts/lib/paths.ts";
import { freePort } from "../../scripts/lib/ports.ts";
import { starter } from "./support/starter.ts";
import { tempDir } from "./support/temp.ts";

let chain: Chain;

/** The local chain with the id that `npm run chain -- init` gives stands in for Besu. */
beforeAll(async () => {
  await compileContracts();
  chain = await startChain({ blockSeconds: 0.1, chainId: 7587 });
});
afterAll(() => chain.stop());

async function relay(...args: string[]): Promise<{ code: number | null; text: string }> {
  const command = starter(tempDir(), args, "relay");
  return { code: await command.ended(), text: command.output() };
}

/** The entry "qbft" of deployments/networks.json with these changes, as `npm run deploy -- --network qbft` reads it. */
function qbft(changes: object) {
  const folder = tempDir();
  const entries = readJson<Record<string, object>>(join(root, "deployments", "networks.json")) ?? {};
  mkdirSync(join(folder, "deployments"));
  writeJson(join(folder, "deployments", "networks.json"), { qbft: { ...entries.qbft, ...changes } });
  return readNetwork(folder, "qbft");
}

/** Runs a relay as a service manager would: by its environment alone. */
async function runRelay(settings: Record<string, string>) {
  const port = await freePort();
  const env = Object.fromEntries(
    Object.entries({ PORT: String(port), LOG_LEVEL: "warn", ...settings }).map(([name, value]) => [
      `SKRUMBLE_RELAY_${name}`,
      value,
    ]),
  );
  const child = spawn(process.execPath, [join(root, "relay", "src", "server.ts")], {
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  onTestFinished(stop);
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json() as Promise<never>;
  for (;;) {
    if (child.exitCode !== null) throw new Error("The relay ended.");
    try {
      const health = (await get("/health")) as { chain: string; relayId: number };
      if (health.chain === "online" && health.relayId > 0) return { get, stop };
    } catch {
      // Not listening yet.
    }
    await sleep(50);
  }
}

it("wants governors of its own in a QBFT network, and asks the RPC node that init makes", () => {
  expect(() => qbft({})).toThrow(
    'deployments/networks.json, "qbft": governors is missing: name the multisig or hardware wallet',
  );
  const governor = privateKeyToAccount(randomKey()).address;
  expect(qbft({ governors: [governor] })).toMatchObject({
    chainId: 7587,
    rpcUrl: "http://127.0.0.1:8701",
    governors: [governor],
    fees: "zero",
  });
});

it("goes from the entry of a QBFT network to a relay, registered and run by configuration only, and to its new keys", async () => {
  const folder = tempDir();
  const dir = join(folder, "relay");
  const made = await relay("keys", "--dir", dir);
  expect(made).toMatchObject({ code: 0, text: expect.stringContaining("operator.key owns the stake") });
  for (const file of ["operator.key", "relay.key.json"]) expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
  const secrets = readFileSync(join(dir, "relay.key.json"), "utf8").match(/[0-9a-f]{64}/g) ?? [];
  for (const secret of [...secrets, readKeyFile(join(dir, "operator.key")).slice(2)]) {
    expect(made.text).not.toContain(secret);
  }
  // Again: the same keys.
  expect((await relay("keys", "--dir", dir)).text).toBe(made.text);

  const operator = privateKeyToAccount(readKeyFile(join(dir, "operator.key"))).address;
  const network = qbft({
    governors: [privateKeyToAccount(randomKey()).address],
    grants: [{ to: operator, amount: "10000" }],
  });
  const deployment = join(folder, "qbft.json");
  await deployContracts({
    ...network,
    rpcUrl: chain.rpcUrl,
    deployer: privateKeyToAccount(randomKey()),
    file: deployment,
  });

  const on = ["--dir", dir, "--deployment", deployment, "--rpc-url", chain.rpcUrl];
  expect((await relay("rotate", ...on)).text).toContain("This relay is not registered");
  const enter = (...more: string[]) => relay("register", ...on, "--endpoint", "https://relay.example.org", ...more);
  expect(await enter("--region", "eu", "--roles", "mailbox,anchor,turn")).toMatchObject({
    code: 0,
    text: expect.stringContaining("The relay is number 1 in the registry, at https://relay.example.org."),
  });
  expect((await enter("--region", "us")).text).toContain("The relay is number 1");

  const settings = {
    DATA_DIR: join(folder, "data"),
    KEY_FILE: join(dir, "relay.key.json"),
    RPC_URL: chain.rpcUrl,
    DEPLOYMENT: deployment,
    PUBLIC_URL: "https://relay.example.org",
    REGION: "eu",
  };
  const first = await runRelay(settings);
  expect(await first.get("/health")).toMatchObject({ status: "ok", chain: "online", relayId: 1 });
  const before = (await first.get("/network.json")) as { relayKey: string; contracts: object };
  expect(before).toMatchObject({ chainId: 7587, name: "qbft", relayId: 1, region: "eu" });
  // Those that clients use; the record may name more.
  expect(Object.keys(before.contracts).length).toBeGreaterThanOrEqual(9);
  expect(readJson<{ contracts: object }>(deployment)?.contracts).toMatchObject(before.contracts);
  await first.stop();

  expect((await relay("rotate", ...on)).text).toContain("Relay 1 has new keys");
  expect(statSync(join(dir, "relay.key.json")).mode & 0o777).toBe(0o600);
  const second = await runRelay(settings);
  const after = (await second.get("/network.json")) as { relayKey: string };
  expect(after).toMatchObject({ relayId: 1 });
  expect(after.relayKey).not.toBe(before.relayKey);

  // Another one without SKM is told what it lacks.
  const poor = join(folder, "poor");
  await relay("keys", "--dir", poor);
  const refused = await relay(
    ...["register", "--dir", poor, "--deployment", deployment, "--rpc-url", chain.rpcUrl],
    ...["--endpoint", "https://two.example.org", "--region", "eu"],
  );
  expect(refused.text).toMatch(/The stake is 10000 SKM and the operator 0x\w{40} holds 0\./);

  // relay.key.json is lost: the operator names new keys by the relay's number.
  rmSync(join(dir, "relay.key.json"));
  expect((await relay("rotate", ...on)).text).toContain("There are no keys in");
  expect((await relay("rotate", ...on, "--relay", "2")).text).toContain("There is no relay 2 in the registry.");
  expect((await relay("rotate", ...on, "--relay", "1")).text).toContain("Relay 1 has new keys");
  expect(statSync(join(dir, "relay.key.json")).mode & 0o777).toBe(0o600);

  // Leaving takes two steps, 14 days apart, and only the operator may.
  const others = ["--dir", poor, "--deployment", deployment, "--rpc-url", chain.rpcUrl];
  expect((await relay("leave", ...others, "--relay", "1")).text).toContain("Relay 1 is not of the operator 0x");
  const locked = /Relay 1 has left the list\. Its stake of 10000 SKM is locked until (\d{4}-\d\d-\d\d \d\d:\d\d) UTC\./;
  const left = await relay("leave", ...on);
  expect(left).toMatchObject({ code: 0, text: expect.stringMatching(locked) });
  const until = Date.parse(`${left.text.match(locked)?.[1]?.replace(" ", "T")}Z`);
  expect((until - Date.now()) / 86_400_000).toBeCloseTo(14, 0);
  expect((await relay("leave", ...on)).text).toBe(left.text);
  expect((await relay("rotate", ...on)).text).toContain("Relay 1 has left; it takes no new keys.");
  await rpc(chain.rpcUrl, "evm_increaseTime", [14 * 86_400]);
  await rpc(chain.rpcUrl, "evm_mine");
  const paid = await relay("leave", ...on, "--relay", "1");
  expect(paid).toMatchObject({ code: 0, text: expect.stringContaining(`10000 SKM are paid to ${operator}`) });
  expect((await relay("leave", ...on)).text).toContain("This relay is not registered");
});

it.each([
  [[], "Usage: npm run relay -- keys | register | rotate | leave"],
  [["keys"], "Usage: npm run relay -- keys --dir DIR"],
  [["register"], "Usage: npm run relay -- register --dir DIR"],
  [["register", "--colour", "red"], "Unknown option '--colour'"],
  [["leave"], "Usage: npm run relay -- leave --dir DIR"],
  [["leave", "--relay", "0"], "--relay is the relay's number in the registry."],
  [["rotate", "--relay", "one"], "--relay is the relay's number in the registry."],
  [["rotate", "--dir", "DIR", "--deployment", "FILE", "--rpc-url", "ftp://x"], "--rpc-url must be an http or https"],
  [["rotate", "--dir", "/nowhere", "--deployment", "FILE", "--rpc-url", "http://x"], "There are no keys in /nowhere"],
  [["rotate", "--dir", "DIR", "--deployment", "/nowhere.json", "--rpc-url", "http://x"], "There is no /nowhere.json"],
  [["rotate", "--dir", "DIR", "--deployment", "FILE", "--rpc-url", "http://x"], "does not describe a deployment"],
])("refuses %j in one sentence", async (given, sentence) => {
  const folder = tempDir();
  await relay("keys", "--dir", folder);
  writeFileSync(join(folder, "empty.json"), "{}");
  const args = given.map((arg) => (arg === "DIR" ? folder : arg === "FILE" ? join(folder, "empty.json") : arg));
  const { code, text } = await relay(...args);
  expect(code).toBe(1);
  expect(text).toContain(sentence);
  expect(text).not.toContain("    at ");
});

it.each([
  ["http://relay.example.org", "eu", "mailbox", "--endpoint is the relay's public address"],
  ["https://relay.example.org/", "eu", "mailbox", "--endpoint is the relay's public address"],
  ["https://me:pw@relay.example.org", "eu", "mailbox", "--endpoint is the relay's public address"],
  ["https://relay.example.org", "", "mailbox", "--region is a short name"],
  [
    "https://relay.example.org",
    "eu",
    "mailbox,king",
    '--roles takes mailbox, anchor, turn, bridge, storage, not "king"',
  ],
])("does not register %s in %j as %s", async (endpoint, region, roles, sentence) => {
  const folder = tempDir();
  await relay("keys", "--dir", folder);
  const zero = `0x${"11".repeat(20)}`;
  const file = join(folder, "deployment.json");
  writeJson(file, { chainId: 7587, contracts: { relayRegistry: zero, skm: zero } });
  const { code, text } = await relay(
    ...["register", "--dir", folder, "--deployment", file, "--rpc-url", "http://127.0.0.1:1"],
    ...["--endpoint", endpoint, "--region", region, "--roles", roles],
  );
  expect(code).toBe(1);
  expect(text).toContain(sentence);
});
