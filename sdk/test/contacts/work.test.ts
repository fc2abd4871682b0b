import { expect, test } from "vitest";
import { requestContact } from "../../src/contacts/request.ts";
import { doWork, isWorkDone, workBits } from "../../src/contacts/work.ts";
import { randomBytes, toHex, toHexString } from "../../src/crypto/bytes.ts";
import { befriend, createRegistry, openPerson } from "../support/world.ts";

const ids = () => ({ from: toHex(randomBytes(32)), to: toHex(randomBytes(32)), nonce: toHexString(randomBytes(32)) });

test("work counts for one request between two people, and takes many tries", async () => {
  const { from, to, nonce } = ids();
  const work = await doWork({ from, to, nonce });
  expect(isWorkDone(from, to, { nonce, work })).toBe(true);
  expect(isWorkDone(to, from, { nonce, work })).toBe(false);
  expect(isWorkDone(from, to, { nonce: ids().nonce, work })).toBe(false);
  const guesses = Array.from({ length: 200 }, () => isWorkDone(from, to, { nonce, work: toHexString(randomBytes(8)) }));
  expect(guesses.filter(Boolean).length).toBeLessThan(5);
  expect(workBits).toBe(16);
});

test("a new device, to which everybody is a stranger, hears a contact who asks for a new group", async () => {
  const registry = createRegistry();
  const [alice, bob] = [await openPerson(registry, 1), await openPerson(registry, 2)];
  await befriend(bob, alice);
  const second = await openPerson(registry, 2);
  await requestContact(alice.core, bob.publicId, undefined, { renew: true });
  await second.receive(alice.sent.splice(0));
  expect(second.core.book.get(alice.publicId)?.state).toBe("request-received");
  for (const person of [alice, bob, second]) person.close();
});

test("whoever closes the program meanwhile stops it", async () => {
  const closing = new AbortController();
  closing.abort();
  const many = Promise.all(Array.from({ length: 8 }, () => doWork(ids(), closing.signal)));
  await expect(many).rejects.toMatchObject({ code: "ABORTED" });
});
