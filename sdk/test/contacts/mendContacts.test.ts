import { expect, test } from "vitest";
import { mendContacts } from "../../src/contacts/mendContacts.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { sendText } from "../support/say.ts";
import { befriend, createRegistry, openPerson, routeOf } from "../support/world.ts";

test("a conversation whose group is lost begins anew by itself, and its history stays", async () => {
  const [registry, store] = [createRegistry(), createMemoryStore()];
  const [alice, bob] = [await openPerson(registry, 1, { store }), await openPerson(registry, 2)];
  const id = await befriend(bob, alice);
  await sendText(alice.core, id, "before");
  await bob.receive(alice.sent.splice(0));
  // As an earlier version would have left it.
  await alice.core.vault.write([{ collection: "members", key: id, delete: true }]);
  alice.close();
  await alice.core.serial.idle();
  await store.close();

  const again = await openPerson(registry, 1, { store });
  expect(again.core.threads.get(id)).toBeUndefined();
  await mendContacts(again.core);
  await bob.receive(again.sent.splice(0));
  await again.receive(bob.sent.splice(0));
  expect(routeOf(again, bob)).toBe(routeOf(bob, again));
  await sendText(again.core, id, "after");
  const texts = await again.core.threads.messages(id, { limit: 10 });
  expect(texts.map(({ body }) => body.type === "text" && body.text)).toEqual(["before", "after"]);
  for (const person of [again, bob]) person.close();
});
