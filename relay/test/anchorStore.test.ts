import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createAnchors } from "../src/storage/anchors.ts";
import { openDatabase } from "../src/storage/database.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

function openAnchors(maxLeaves?: number) {
  const folder = mkdtempSync(join(tmpdir(), "skrumble-anchors-"));
  const { db } = openDatabase({ folder, maxBytes: 64 * 1024 * 1024, now: START });
  onTestFinished(() => {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const anchors = createAnchors(db, maxLeaves);
  const place = { relayId: 1, blockNumber: 7n, txHash: randomBytes(32) };
  return {
    anchors,
    close(leaves: Uint8Array[], root: Uint8Array = randomBytes(32)) {
      anchors.openBatch({ root, leaves });
      anchors.closeBatch(
        { root, leaves },
        place,
        leaves.map(() => []),
      );
      return root;
    },
    count: (table: string) => (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n,
  };
}

const leafOf = (tag: Uint8Array = randomBytes(32)) => new Uint8Array(Buffer.concat([tag, randomBytes(64)]));

test("the seventeenth leaf of a tag is refused; those that are kept may be added again", () => {
  const { anchors } = openAnchors();
  const tag = randomBytes(32);
  const leaves = Array.from({ length: 17 }, () => leafOf(tag));
  const kept = [...new Array(16).fill(true), false];
  expect(anchors.addLeaves(leaves, START)).toEqual(kept);
  expect(anchors.addLeaves(leaves, START)).toEqual(kept);
  expect(anchors.unfinished().leaves).toHaveLength(16);
});

test("anchored leaves and their batches are deleted after 30 days, those that wait are not", () => {
  const { anchors, close, count } = openAnchors();
  const [old, late, waiting] = [leafOf(), leafOf(), leafOf()];
  anchors.addLeaves([old, waiting], START);
  anchors.addLeaves([late], START + DAY);
  close([old]);
  close([late]);
  expect(anchors.sweep(START + 30 * DAY)).toBe(false);
  expect(anchors.anchoredLeaf(old)).toBeUndefined();
  expect(anchors.anchoredLeaf(late)).toBeDefined();
  expect(anchors.unfinished().leaves).toHaveLength(1);
  expect([count("anchorLeaf"), count("anchorBatch")]).toEqual([2, 1]);
});

test("a store with as many leaves as it may hold lets go of the oldest that are done, and refuses when none is", () => {
  const { anchors, close } = openAnchors(2);
  const [first, second, third, fourth] = [leafOf(), leafOf(), leafOf(), leafOf()];
  anchors.addLeaves([first, second], START);
  expect(anchors.addLeaves([third], START)).toEqual([false]);
  close([first]);
  expect(anchors.addLeaves([third], START)).toEqual([true]);
  expect(anchors.addLeaves([fourth], START)).toEqual([false]);
});

test("a batch that is formed again with the same root is the same batch", () => {
  const { anchors, close, count } = openAnchors();
  const leaves = [leafOf(), leafOf()];
  anchors.addLeaves(leaves, START);
  const root = randomBytes(32);
  anchors.openBatch({ root, leaves });
  anchors.openBatch({ root, leaves });
  expect(anchors.unfinished().batch?.leaves).toHaveLength(2);
  close(leaves, root);
  expect(anchors.unfinished().batch).toBeUndefined();
  // Formed again although it is closed, it is open until it is written again.
  anchors.openBatch({ root, leaves });
  expect(anchors.anchoredLeaf(leaves[0] as Uint8Array)).toBeUndefined();
  expect(anchors.unfinished().batch?.leaves).toHaveLength(2);
  close(leaves, root);
  expect(anchors.anchoredLeaf(leaves[0] as Uint8Array)).toBeDefined();
  expect(count("anchorBatch")).toBe(1);
});
