import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { silent } from "../../scripts/lib/say.ts";
import { findBrowser, systemChromium } from "../../scripts/test/browser.ts";
import { countPlaywright, countSummary, countVitest, settle } from "../../scripts/test/runners.ts";
import { tempDir } from "./support/temp.ts";

it("reads a Mocha summary, coloured or not", () => {
  expect(countSummary("\u001b[32m 12 passing\u001b[0m (3s)\n  2 failing\n 1 pending\n")).toEqual({
    passed: 12,
    failed: 2,
    skipped: 1,
  });
  expect(countSummary("a test about 5 passing ships\n  7 passing (1s)\n")).toMatchObject({ passed: 7, failed: 0 });
  expect(countSummary("nothing")).toEqual({ passed: 0, failed: 0, skipped: 0 });
});

it("counts a runner that crashed as one failure", () => {
  const fine = { passed: 3, failed: 0, skipped: 0 };
  expect(settle(fine, 0)).toEqual(fine);
  expect(settle(fine, 1).failed).toBe(1);
  expect(settle({ ...fine, failed: 2 }, 1).failed).toBe(2);
});

it("counts test files that could not be loaded", () => {
  const report = {
    numPassedTests: 4,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{}] },
      { status: "passed", assertionResults: [{}] },
    ],
  };
  expect(countVitest(report)).toEqual({ passed: 4, failed: 2, skipped: 3 });
  expect(countVitest(undefined).failed).toBe(1);
});

it("takes a browser test that passed only at the second try for failed", () => {
  expect(countPlaywright({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 1 } })).toEqual({
    passed: 3,
    failed: 2,
    skipped: 1,
  });
  expect(countPlaywright(undefined).failed).toBe(1);
});

it("prefers the browser it is told, and refuses one that does not start", async () => {
  const folder = tempDir();
  const good = join(folder, "chromium");
  const bad = join(folder, "broken");
  writeFileSync(good, "#!/bin/sh\necho Chromium 1\n");
  writeFileSync(bad, "#!/bin/sh\nexit 1\n");
  for (const path of [good, bad]) chmodSync(path, 0o755);
  expect(await findBrowser(silent, { CHROMIUM_PATH: good, PATH: "" })).toBe(good);
  expect(await findBrowser(silent, { PATH: folder })).toBe(good);
  await expect(findBrowser(silent, { CHROMIUM_PATH: bad })).rejects.toThrow("does not start");
  expect(systemChromium({ PATH: tempDir() })).not.toBe(good);
});
