import { expect, test } from "vitest";
import { connect, eventually, joinPerson } from "../../../test/support/network.ts";
import { closeAll, useNetwork } from "../support/network.ts";

const network = useNetwork();

test("two people find each other by pseudonym and talk, certified by the chain", async () => {
  const [alice, bob] = await Promise.all([joinPerson(network, "alice"), joinPerson(network, "bob")]);
  const { oneEnd, otherEnd } = await connect(alice, bob);
  const sent = await oneEnd.sendText("hello bob");
  await eventually("bob to read it", async () => {
    const messages = await otherEnd.messages();
    return messages.some(({ body }) => body.type === "text" && body.text === "hello bob");
  });
  await otherEnd.sendText("hello alice");
  await eventually("alice to read it", async () => {
    const messages = await oneEnd.messages();
    return messages.some(({ outgoing, body }) => !outgoing && body.type === "text" && body.text === "hello alice");
  });
  await eventually("delivery", async () => {
    const mine = (await oneEnd.messages()).find(({ id }) => id === sent.id);
    return mine?.delivery === "delivered" && mine.replicas?.stored === 3;
  });
  await otherEnd.markRead(sent.id);
  await eventually("the read receipt", async () => (await oneEnd.messages())[0]?.delivery === "read");
  for (const end of [oneEnd, otherEnd]) {
    await eventually("the certificate", async () => (await end.summary()).certificate.state === "certified");
  }
  expect(await alice.client.contacts.safetyNumber(bob.client.identity?.publicId ?? "0x")).toEqual(
    await bob.client.contacts.safetyNumber(alice.client.identity?.publicId ?? "0x"),
  );
  await closeAll(alice, bob);
});
