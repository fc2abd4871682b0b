import { expect, test, vi } from "vitest";
import { acceptRequest } from "../../src/contacts/accept.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import type { Store } from "../../src/store/types.ts";
import { createRegistry, openPerson } from "../support/world.ts";

/** A store whose process dies after so many more writes. */
function mortal(store: Store): { store: Store; dieAfter(writes: number): void } {
  let left = Number.POSITIVE_INFINITY;
  const write: Store["write"] = async (ops) => {
    if (left-- <= 0) throw new Error("crashed");
    await store.write(ops);
  };
  return { store: { ...store, write }, dieAfter: (writes) => (left = writes) };
}

test("a crash while accepting leaves contact, conversation and welcome all there, or none", async () => {
  const registry = createRegistry();
  const [alice, disk] = [await openPerson(registry, 1), createMemoryStore()];
  const device = mortal(disk);
  const bob = await openPerson(registry, 2, { store: device.store });
  await requestContact(alice.core, bob.publicId);
  await bob.receive(alice.sent.splice(0));
  device.dieAfter(1);
  const request = bob.core.book.get(alice.publicId);
  await acceptRequest(bob.core, request as NonNullable<typeof request>).catch(() => undefined);
  bob.close();

  await disk.close();
  const later = await openPerson(registry, 2, { store: disk });
  const contact = later.core.book.get(alice.publicId);
  expect(contact?.state).toBe("connected");
  expect(later.core.threads.get(contact?.conversationId ?? "")?.publicId).toBe(alice.publicId);
  await later.core.outbox.resume();
  await vi.waitFor(() => expect(later.sent.length).toBe(1));
  await alice.receive(later.sent);
  expect(alice.core.book.get(bob.publicId)?.state).toBe("connected");
  later.close();
  alice.close();
});
