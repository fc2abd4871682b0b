import { commitsIdle } from "../../sdk/src/conversation/commit/settle.ts";
import { linkProof } from "../../sdk/src/conversation/entry/link.ts";
import { receiveKnock } from "../../sdk/src/conversation/entry/receiveKnock.ts";
import { groupActions } from "../../sdk/src/conversation/group/actions.ts";
import { createGroupConversation } from "../../sdk/src/conversation/group/create.ts";
import { sendContent } from "../../sdk/src/conversation/send/sendContent.ts";
import { randomBytes, toBase64Url, toHexString } from "../../sdk/src/crypto/bytes.ts";
import { createKeyPackage } from "../../sdk/src/crypto/mls/keyPackage.ts";
import { createMemoryStore } from "../../sdk/src/store/memory.ts";
import type { Store } from "../../sdk/src/store/types.ts";
import { createCrowd, type Device } from "../../sdk/test/support/crowd.ts";
import { median, report } from "../lib/report.ts";

/**
 * What a whole client does in a group of 100 people, encryption at rest and sealing for everybody included: relays and chain
 * are maps in memory. Until the new state is there and everything is on its way.
 */
export async function run(runs: number): Promise<void> {
  const crowd = createCrowd();
  const disk = counting(createMemoryStore());
  const owner = await crowd.open(1, { store: disk.store });
  const { core } = owner.session;
  const id = await createGroupConversation(core, { name: "Hundred" });

  await groupActions(core, id, "https://bench").update({ join: "open" });
  const size = () => Object.keys(core.threads.get(id)?.state.people ?? {}).length;
  const arrive = async (person: Device) => {
    const state = core.threads.get(id)?.state;
    if (!state?.invite) throw new Error("No link.");
    const { self } = person.session.core;
    const keyPackage = await createKeyPackage(self.claim, self.deviceKey.secret, Date.now());
    const nonce = toHexString(randomBytes(32));

    const proof = linkProof(state.invite, id, person.publicId, nonce);
    const body = { v: 1 as const, from: person.publicId, nonce, sentAt: Date.now(), conversationId: id, proof };
    await receiveKnock(core, { ...body, keyPackage: toBase64Url(keyPackage.public) });
  };
  await commitsIdle(core);
  for (let seed = 2; seed <= 100; seed++) {
    const person = await crowd.open(seed);
    await arrive(person);
    await person.close();
  }
  await commitsIdle(core);
  if (size() !== 100) throw new Error(`${size()} people instead of 100.`);
  const samples: Record<"add" | "remove" | "send", number[]> = { add: [], remove: [], send: [] };
  const measure = async (name: keyof typeof samples, work: () => Promise<unknown>) => {
    const started = performance.now();
    await work();
    await commitsIdle(core);
    samples[name].push(performance.now() - started);
  };
  const written: number[] = [];
  for (let n = 0; n < runs; n++) {
    const person = await crowd.open(101 + n);
    await measure("add", () => arrive(person));
    const before = disk.bytes();
    await measure("send", () =>
      sendContent(core, id, { kind: "text", text: "1 KB of text. ".repeat(74).slice(0, 1024) }),
    );
    written.push((disk.bytes() - before) / 1024);
    await measure("remove", () => groupActions(core, id, "https://bench").remove(person.publicId));
    await person.close();
  }
  for (const name of ["add", "remove", "send"] as const) {
    const ours = median(samples[name]);
    report({ bench: "messages", metric: `group100_${name}_ms`, unit: "ms", ours, samples: samples[name] });
  }
  report({
    bench: "messages",
    metric: "group100_send_kb",
    unit: "KB on disk",
    ours: median(written),
    samples: written,
  });
  await crowd.close();
}

/** How much is written: values as they are encrypted. */
function counting(store: Store): { store: Store; bytes(): number } {
  let bytes = 0;
  return {
    bytes: () => bytes,
    store: {
      ...store,
      async write(ops) {
        for (const op of ops) if ("put" in op) bytes += op.value.length;
        await store.write(ops);
      },
    },
  };
}
