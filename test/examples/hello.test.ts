import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestNetwork, type TestNetwork } from "../support/network.ts";

const program = join(import.meta.dirname, "..", "..", "examples", "hello", "hello.ts");
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let network: TestNetwork;
beforeAll(async () => {
  network = await startTestNetwork();
});
afterAll(() => network?.stop());

test("sends a message between two identities", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program, network.urls[0] as string]);
  expect(stdout).toMatch(/bob-\w+ received: Hello, Bob!/);
});

test("stays under 60 lines", () => {
  expect(readFileSync(program, "utf8").split("\n").length).toBeLessThan(60);
});
