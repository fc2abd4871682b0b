import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { BlockList, isIPv4 } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { composePlace, SUBNET } from "../../../scripts/chain/qbft/places.ts";
import { root } from "../../../scripts/lib/paths.ts";
import { checkShell } from "../support/shellcheck.ts";
import { tempDir } from "../support/temp.ts";

interface Step {
  command: string;
  /** Lines that must be printed, in this order; "…" stands for what differs from machine to machine. */
  expected: string[];
}

/**
 * The commands of the document with what they print. Blocks marked "besu" need Besu, those marked "host" another machine or root; neither
 * is here.
 */
function stepsOf(document: string): Step[] {
  return [...document.matchAll(/^```sh\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)].map(([, command, printed]) => ({
    command: (command ?? "").trim(),
    expected: (printed ?? "").split("\n").filter((line) => line !== ""),
  }));
}

/** A clean copy of what `npm run chain` consists of. */
function cleanFolder(): string {
  const folder = tempDir();
  for (const name of [".gitignore", "package.json", "package-lock.json", "scripts", "hardhat.config.ts"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  for (const name of ["node_modules", "sdk", "contracts", "deployments"]) {
    symlinkSync(join(root, name), join(folder, name));
  }
  return folder;
}

function shell(command: string, cwd: string): Promise<string> {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: "1", SKRUMBLE_STATE_DIR: undefined };
  return new Promise((resolve) => {
    execFile("sh", ["-c", command], { cwd, env }, (_error, out, errors) => resolve(out + errors));
  });
}

const patternOf = (line: string): RegExp =>
  new RegExp(`^${line.replace(/[.*+?^${"$"}{}()|[\]\\]/g, "\\$&").replaceAll("…", ".*")}$`);

it("holds what docs/operating.md promises of every command that does not need Besu", async () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const steps = stepsOf(document);
  // Every block of commands is either run here or says what it needs.
  expect([...document.matchAll(/^```sh$/gm)]).toHaveLength(steps.length);
  expect(steps.length).toBeGreaterThanOrEqual(21);
  const folder = cleanFolder();
  const untracked = () => {
    const options = { cwd: folder, encoding: "utf8" } as const;
    return execFileSync("git", ["ls-files", "--others", "--exclude-standard"], options).split("\n");
  };
  const before = untracked();
  for (const { command, expected } of steps) {
    const lines = (await shell(command, folder)).split("\n");
    let from = 0;
    for (const line of expected) {
      const at = lines.findIndex((printed, index) => index >= from && patternOf(line).test(printed));
      expect(at, `${command}\nshould print: ${line}\nprinted:\n${lines.join("\n")}`).toBeGreaterThanOrEqual(0);
      from = at + 1;
    }
  }
  // What they made holds keys: nothing of it may be waiting for a commit.
  expect(untracked().filter((path) => !before.includes(path))).toEqual([]);
});

it.each([
  "four/hosts/203.0.113.11/nodes/validator-1/data/key",
  "nodes/rpc-1/data/database/CURRENT",
  "deployer.key",
  "relay-1/operator.key",
  "relay-1/relay.key.json",
  "relay-1/relay.next.key.json",
  "turn.secret",
])("keeps %s out of commits wherever an operator makes it", (path) => {
  const folder = cleanFolder();
  const ignored = execFileSync("git", ["check-ignore", "--no-index", path], { cwd: folder, encoding: "utf8" });
  expect(ignored.trim()).toBe(path);
});

it.each(["chain", "relay"])("describes no command of npm run %s that does not exist", (name) => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const verbs = readFileSync(join(root, "scripts", name, "index.ts"), "utf8");
  const described = [...document.matchAll(new RegExp(`npm run ${name} -- ([a-z-]+)`, "g"))];
  expect(described.length).toBeGreaterThanOrEqual(3);
  for (const [, verb] of described) expect(verbs).toContain(verb);
});

it("describes every step of rewards, and none that does not exist", async () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const described = new Set([...document.matchAll(/npm run chain -- rewards ([a-z-]+)/g)].map(([, verb]) => verb));
  const said = await shell("npm run chain -- rewards", cleanFolder());
  const [, verbs = ""] = said.match(/Usage: npm run chain -- rewards (.*)/) ?? [];
  expect([...described]).toEqual(verbs.split(" | "));
});

it("writes commands for hosts that bash and shellcheck find nothing wrong with", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const blocks = [...document.matchAll(/^```sh (host|besu)\n([\s\S]*?)^```$/gm)];
  expect(blocks.filter(([, kind]) => kind === "host").length).toBeGreaterThanOrEqual(5);
  const file = join(tempDir(), "block.sh");
  for (const [, , commands] of blocks) {
    writeFileSync(file, `#!/usr/bin/env bash\nset -e\n${commands}`);
    checkShell(file);
  }
});

it("names every setting of a relay, and none that there is not", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const config = readFileSync(join(root, "relay", "src", "config.ts"), "utf8");
  const schema = config.slice(config.indexOf("z.object({"), config.indexOf("export type RelayConfig"));
  const settings = [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name).sort();
  expect(settings.length).toBeGreaterThan(30);
  const rows = [...document.matchAll(/^\| `([A-Z_]+)` +\| /gm)].map(([, name]) => name).sort();
  expect(rows).toEqual(settings);
  for (const [, name] of document.matchAll(/SKRUMBLE_RELAY_([A-Z_]+)=/g)) expect(settings).toContain(name);
});

it("closes the network that containers really have, and what a relay writes, to strangers", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const { rpcPort, wsPort } = composePlace({ role: "rpc", index: 1, address: "0x", publicKey: "0x" });
  expect(document).toContain(`-d ${SUBNET} -p tcp -m multiport --dports ${rpcPort},${wsPort} -j DROP`);
  const [, unit = ""] = document.match(/^(\[Unit\]\n[\s\S]*?)^```$/m) ?? [];
  expect(unit).toContain("\nUMask=0077\n");
  expect(document).toMatch(/^install -d -m 700 .* \/srv\/relay /m);
  expect(document).toMatch(/^umask 077 && mkdir -p \/srv\/backup$/m);
});

it("copies folders to running hosts so that nothing there is lost", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const copies = [...document.matchAll(/^.*\brsync -.*$/gm)].map(([line]) => line);
  expect(copies).toHaveLength(2);
  for (const line of copies) expect(line).toMatch(/--chown=root:root/);
  // A whole folder only where nothing is; else no key, database, genesis or compose.yaml.
  const [first = "", later = ""] = copies;
  expect(first).toContain("'test ! -e /srv/qbft' && rsync");
  expect([...later.matchAll(/\$own\/([^"]+)"/g)].map(([, path]) => path)).toEqual([
    "network.json",
    "shared/static-nodes.json",
    "shared/static-nodes.native.json",
  ]);
});

it("lets nobody into the operator's own network through TURN", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  // One list for both would take the range of mapped addresses for all of IPv4.
  const denied = { ipv4: new BlockList(), ipv6: new BlockList() };
  const isDenied = (address: string): boolean => {
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    return denied[family].check(address, family);
  };
  for (const [, from = "", to = from] of document.matchAll(/^denied-peer-ip=([^-\n]+)(?:-(.+))?$/gm)) {
    const family = isIPv4(from) ? "ipv4" : "ipv6";
    denied[family].addRange(from, to, family);
  }
  for (const inside of ["10.1.2.3", "127.0.0.1", "169.254.169.254", "172.28.86.11", "192.168.1.1", "100.64.0.1"])
    expect(isDenied(inside), inside).toBe(true);
  // Mapped, NAT64 and 6to4 addresses lead to IPv4; fd and fe80 are private and of the link.
  for (const inside of ["::1", "::ffff:7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "fd00:ec2::254", "fe80::1"])
    expect(isDenied(inside), inside).toBe(true);
  for (const outside of ["203.0.113.5", "2001:db8::5"]) expect(isDenied(outside), outside).toBe(false);
  expect(document).toMatch(/^no-tcp-relay$/m);
});

it("copies a database that is in use as its command for backups says", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const [, program = ""] = document.match(/bin\/node -e '\n([\s\S]*?)'\n/) ?? [];
  const folder = tempDir();
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  for (const name of ["srv", "backup"]) mkdirSync(join(folder, name));
  const [relay] = ["relay.db", "documents.sqlite"].map((name) => {
    const db = new DatabaseSync(join(folder, "srv", name));
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE mail (text); INSERT INTO mail VALUES ('kept')");
    return db;
  });
  const here = program.replace("/srv/relay/", `${folder}/srv/`).replace("/srv/backup/", `${folder}/backup/`);
  execFileSync(process.execPath, ["-e", here]);
  // Not a word of what comes after the copy.
  relay?.exec("INSERT INTO mail VALUES ('later')");
  for (const name of ["relay.db", "documents.sqlite"]) {
    const copy = new DatabaseSync(join(folder, "backup", name));
    expect(
      copy
        .prepare("SELECT text FROM mail")
        .all()
        .map(({ text }) => text),
    ).toEqual(["kept"]);
  }
});

it("shows an entry for the chain that is the one of this repository with governors", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const [, entry = ""] = document.match(/^```json\n([\s\S]*?)^```$/m) ?? [];
  const known = JSON.parse(readFileSync(join(root, "deployments", "networks.json"), "utf8")) as { qbft: object };
  const shown = JSON.parse(`{${entry}}`) as { qbft: Record<string, unknown> };
  expect(shown.qbft).toMatchObject({ ...known.qbft, governors: [expect.stringMatching(/^0x/)] });
});
