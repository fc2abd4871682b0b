import { connect, eventually, joinPerson, type Person, startTestNetwork } from "../../test/support/network.ts";
import { percentile, report } from "../lib/report.ts";

/**
 * A conversation over a real chain and three real relays, both clients in this process.
 *
 * - online_p50_ms, online_p99_ms: from `sendText` until the other client tells of the text, 20 texts a second, all relays up.
 * - lost, duplicated: of so many texts while one relay after the other is killed and started again. A text that came twice to
 *   the program counts as duplicated, one that is not in the other's history in the end as lost.
 */

const bench = "messages";
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export async function benchOnline({ latency = 600, count = 5000, killEvery = 10_000 } = {}): Promise<void> {
  const network = await startTestNetwork();
  try {
    const [alice, bob] = [await joinPerson(network, "alice"), await joinPerson(network, "bob")];
    const { source, target } = await ends(alice, bob);
    const seen = new Map<string, { at: number; times: number }>();
    bob.client.on("message", (message) => {
      if (message.outgoing || message.body.type !== "text" || message.conversationId !== target) return;
      const before = seen.get(message.body.text);
      seen.set(message.body.text, { at: before?.at ?? performance.now(), times: (before?.times ?? 0) + 1 });
    });
    const conversation = alice.client.conversations.open(source);

    const sent = new Map<string, number>();
    for (let i = -50; i < latency; i++) {
      const text = `latency ${i}`;
      if (i >= 0) sent.set(text, performance.now());
      await conversation.sendText(text);
      await pause(50);
    }
    await eventually("the last text", () => seen.has(`latency ${latency - 1}`));
    const times = [...sent].map(([text, at]) => (seen.get(text)?.at ?? Number.NaN) - at);
    report({ bench, metric: "online_p50_ms", unit: "ms", ours: percentile(times, 0.5), samples: times });
    report({ bench, metric: "online_p99_ms", unit: "ms", ours: percentile(times, 0.99), samples: times });

    seen.clear();
    const killing = { on: true };
    const killer = (async () => {
      for (let turn = 0; killing.on; turn++) {
        const relay = network.relays[turn % network.relays.length];
        await relay?.halt("SIGKILL");
        await pause(killEvery / 2);
        await relay?.resume();
        await pause(killEvery / 2);
      }
    })();
    for (let i = 0; i < count; i++) {
      await conversation.sendText(`kept ${i}`);
      // As fast as relays take them, and not all at once.
      if (i % 500 === 0) await eventually("those before", () => seen.size > i - 1000, 120_000).catch(() => undefined);
      if ((i + 1) % 10_000 === 0) console.error(`${i + 1} of ${count} sent`);
    }
    killing.on = false;
    await killer;
    const inHistory = new Set<string>();
    await eventually(
      "the rest",
      async () => {
        for (const text of await historyOf(bob, target, count + 200)) inHistory.add(text);
        return [...inHistory].filter((text) => text.startsWith("kept")).length >= count;
      },
      300_000,
    ).catch(() => undefined);
    const lost = count - [...inHistory].filter((text) => text.startsWith("kept")).length;
    const duplicated = [...seen.values()].filter(({ times: told }) => told > 1).length;
    report({ bench, metric: "lost", unit: `of ${count}`, ours: lost, samples: [lost] });
    report({ bench, metric: "duplicated", unit: `of ${count}`, ours: duplicated, samples: [duplicated] });
    await Promise.all([alice.client.close(), bob.client.close()]);
  } finally {
    await network.stop();
  }
}

async function ends(alice: Person, bob: Person): Promise<{ source: string; target: string }> {
  await connect(alice, bob);
  const idAt = async (person: Person) => (await person.client.conversations.list())[0]?.id;
  const [source, target] = [await idAt(alice), await idAt(bob)];
  if (!source || !target) throw new Error("no conversation");
  return { source, target };
}

async function historyOf(person: Person, id: string, depth: number): Promise<string[]> {
  const conversation = person.client.conversations.open(id);
  const texts: string[] = [];
  for (let before: string | undefined; texts.length < depth; ) {
    const page = await conversation.messages({ limit: 200, ...(before ? { before } : {}) });
    texts.push(...page.flatMap(({ body }) => (body.type === "text" ? [body.text] : [])));
    if (page.length < 200) break;
    before = page[0]?.id;
  }
  return texts;
}
