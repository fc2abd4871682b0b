import { expect, test } from "vitest";
import { connect, eventually, joinPerson } from "../../../test/support/network.ts";
import type { Conversation, Message, MessageId } from "../../src/index.ts";
import { closeAll, useNetwork } from "../support/network.ts";

const network = useNetwork();

let drops = 0;
/** A line to a relay that breaks off a second after it opened, in the middle of whatever it carries. */
class Dropping extends WebSocket {
  constructor(url: string | URL) {
    super(url);
    this.addEventListener("open", () =>
      setTimeout(() => {
        drops++;
        this.close();
      }, 1000),
    );
  }
}

/** All of them, oldest first. */
async function everything(end: Conversation): Promise<Message[]> {
  const all: Message[] = [];
  for (let before: MessageId | undefined; ; before = all[0]?.id) {
    const page = await end.messages({ limit: 100, ...(before === undefined ? {} : { before }) });
    all.unshift(...page);
    if (page.length < 100) return all;
  }
}

test("500 messages while every line to every relay is cut each second: none is missed or repeated", async () => {
  const each = 250;
  const options = { webSocket: Dropping };
  const [alice, bob] = await Promise.all([joinPerson(network, "alice", options), joinPerson(network, "bob", options)]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  const before = drops;
  // By what is told: hundreds of messages are read once, in the end.
  const told = [alice, bob].map(({ client }) => {
    const [arrived, delivered] = [new Set<MessageId>(), new Set<MessageId>()];
    client.on("message", ({ id, outgoing, body, delivery }) => {
      if (body.type !== "text") return;
      if (!outgoing) arrived.add(id);
      else if (delivery === "delivered") delivered.add(id);
    });
    return { arrived, delivered };
  });
  const send = async (end: Conversation, who: string) => {
    for (let count = 0; count < each; count++) {
      await end.sendText(`${who} ${count}`);
      // Over some seconds, so that lines break in between.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await Promise.all([send(oneEnd, "alice"), send(otherEnd, "bob")]);
  await eventually("all of them, and word of that", () =>
    told.every(({ arrived, delivered }) => arrived.size >= each && delivered.size >= each),
  );
  const expected = ["alice", "bob"].flatMap((who) => Array.from({ length: each }, (_, count) => `${who} ${count}`));
  for (const end of [oneEnd, otherEnd]) {
    const all = await everything(end);
    const texts = all.flatMap(({ body }) => (body.type === "text" ? [body.text] : []));
    // One that had to be sent again may stand behind a later one.
    expect(texts.toSorted()).toEqual(expected.toSorted());
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  }
  expect(told.map(({ arrived, delivered }) => [arrived.size, delivered.size])).toEqual([
    [each, each],
    [each, each],
  ]);
  // Each of two people has three lines, each of which broke several times meanwhile.
  expect(drops - before).toBeGreaterThan(30);
  await closeAll(alice, bob);
});
