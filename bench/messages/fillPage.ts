import { historyOps } from "../../sdk/src/conversation/content/record.ts";
import { readPage } from "../../sdk/src/conversation/history/page.ts";
import { readThreads, threadOps } from "../../sdk/src/conversation/threadRecords.ts";
import { createIndexedDbStore, openVault } from "../../sdk/src/store/index.ts";
import { messageOf } from "./texts.ts";

/** Runs in a page of the dApp's origin while the dApp is not open: puts `count` texts into the only conversation there is. */

declare global {
  var filler: { fill: typeof fill };
}

const batch = 2000;

/** Number of the last message. */
async function fill(count: number): Promise<number> {
  const vault = await openVault(createIndexedDbStore());
  try {
    const [thread] = await readThreads(vault);
    const said = thread ? await readPage(vault, thread.id, { limit: 50 }) : [];
    const [mine, theirs] = [true, false].map((outgoing) => said.find((message) => message.outgoing === outgoing)?.from);
    if (!thread || !mine || !theirs) throw new Error("Both have to say something first.");
    const first = thread.next;
    for (let n = 0; n < count; n += batch) {
      const messages = Array.from({ length: Math.min(batch, count - n) }, (_, i) => {
        const message = messageOf(first + n + i);
        return { ...message, from: message.outgoing ? mine : theirs };
      });
      await vault.write(messages.flatMap((message) => historyOps(thread.id, message)));
    }
    await vault.write(threadOps(thread, { ...thread, next: first + count }));
    return first + count - 1;
  } finally {
    await vault.close();
  }
}

globalThis.filler = { fill };
