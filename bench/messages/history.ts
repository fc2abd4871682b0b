import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { historyOps } from "../../sdk/src/conversation/content/record.ts";
import { readPage } from "../../sdk/src/conversation/history/page.ts";
import { openSearch } from "../../sdk/src/conversation/search/index.ts";
import { createFileStore } from "../../sdk/src/store/file.ts";
import { openVault, type Vault } from "../../sdk/src/store/vault.ts";
import { median, report } from "../lib/report.ts";
import { messageOf } from "./texts.ts";

/**
 * The history on the encrypted file store: one conversation of `messages` texts, half of them Chinese, among 1,000 others.
 *
 * - open_100k_ms: from opening the store until the newest 50 messages, 50 around the middle and the 50 before them are decrypted.
 * - search_100k_ms: one query over everything, its 50 newest hits verified and their ranges found; each sample another word.
 */

const bench = "messages";
const conversations = 1000;
const batch = 2000;

async function fill(vault: Vault, count: number): Promise<void> {
  for (let c = 0; c < conversations; c++) {
    const id = `c${c}`;
    await vault.write([{ collection: "thread", key: id, value: { id } }, ...historyOps(id, messageOf(c))]);
  }
  for (let n = conversations; n < count + conversations; n += batch) {
    const size = Math.min(batch, count + conversations - n);
    const messages = Array.from({ length: size }, (_, i) => messageOf(n + i));
    await vault.write(messages.flatMap((message) => historyOps("c0", message)));
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** `messages` other than 100,000 name the metrics after themselves. */
export async function run({ messages = 100_000, runs = 7 } = {}): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "skrumble-bench-history-"));
  const size = messages % 1000 === 0 ? `${messages / 1000}k` : `${messages}`;
  try {
    let vault = await openVault(createFileStore({ path }));
    await fill(vault, messages);
    await (await openSearch(vault)).update();
    await vault.close();

    const opened: number[] = [];
    for (let i = 0; i < runs; i++) {
      opened.push(
        await timed(async () => {
          vault = await openVault(createFileStore({ path }));
          const newest = await readPage(vault, "c0", { limit: 50 });
          await readPage(vault, "c0", { around: Math.floor(messages / 2), limit: 50 });
          const [first] = newest;
          if (newest.length !== 50 || !first) throw new Error("the history is not there");
          await readPage(vault, "c0", { before: first.number, limit: 50 });
        }),
      );
      await vault.close();
    }
    report({ bench, metric: `open_${size}_ms`, unit: "ms", ours: median(opened), samples: opened });

    vault = await openVault(createFileStore({ path }));
    const search = await openSearch(vault);
    const searched: number[] = [];
    // Frequent and rare words in both scripts, several words, and one that does not occur: nothing ends that early.
    for (const query of ["bookshop", "咖啡", "rare2000", "closes reader", "雨伞", "nowhere", "旧书店门口"]) {
      searched.push(await timed(() => search.query(query, { limit: 50 })));
    }
    report({ bench, metric: `search_${size}_ms`, unit: "ms", ours: median(searched), samples: searched });
    await vault.close();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}
