import { execFile } from "node:child_process";
import { cpSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../../scripts/lib/paths.ts";
import { tempDir } from "../support/temp.ts";

interface Step {
  command: string;
  /** Lines that must be printed, in this order; "…" stands for what differs from machine to machine. */
  expected: string[];
}

/** The commands of the document with what they print. Blocks marked "besu" need Besu, which is not here. */
function stepsOf(document: string): Step[] {
  return [...document.matchAll(/^```sh\n([\s\S]*?)^```\n\n```text\n([\s\S]*?)^```$/gm)].map(([, command, printed]) => ({
    command: (command ?? "").trim(),
    expected: (printed ?? "").split("\n").filter((line) => line !== ""),
  }));
}

/** A clean copy of what `npm run chain` consists of. */
function cleanFolder(): string {
  const folder = tempDir();
  for (const name of ["package.json", "package-lock.json", "scripts", "hardhat.config.ts"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
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
  // Every block of commands is either run here or says that it needs Besu.
  expect([...document.matchAll(/^```sh$/gm)]).toHaveLength(steps.length);
  expect(steps.length).toBeGreaterThanOrEqual(6);
  const folder = cleanFolder();
  for (const { command, expected } of steps) {
    const lines = (await shell(command, folder)).split("\n");
    let from = 0;
    for (const line of expected) {
      const at = lines.findIndex((printed, index) => index >= from && patternOf(line).test(printed));
      expect(at, `${command}\nshould print: ${line}\nprinted:\n${lines.join("\n")}`).toBeGreaterThanOrEqual(0);
      from = at + 1;
    }
  }
});

it("describes no command that does not exist", () => {
  const document = readFileSync(join(root, "docs", "operating.md"), "utf8");
  const verbs = readFileSync(join(root, "scripts", "chain", "index.ts"), "utf8");
  for (const [, verb] of document.matchAll(/npm run chain -- ([a-z-]+)/g)) expect(verbs).toContain(verb);
});
