import { afterEach, expect, test, vi } from "vitest";
import { acceptRequest } from "../../src/contacts/accept.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { randomBytes } from "../../src/crypto/bytes.ts";
import { registryPause, registryTries } from "../../src/identity/verifyPeer.ts";
import { createRegistry, openPerson } from "../support/world.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Bob has accepted on a device that the registry, as Alice reads it, does not list. */
async function welcomed() {
  const registry = createRegistry();
  const [alice, bob] = [await openPerson(registry, 1), await openPerson(registry, 2)];
  await requestContact(alice.core, bob.publicId);
  await bob.receive(alice.sent.splice(0));
  const request = bob.core.book.get(alice.publicId);
  await acceptRequest(bob.core, request as NonNullable<typeof request>);
  const entry = registry.entries.get(bob.publicId);
  if (!entry) throw new Error("bob is not registered");
  const { devices } = entry;
  entry.devices = [randomBytes(32)];
  const welcome = bob.sent.splice(0);
  const before = registry.reads;
  return {
    alice,
    receive: () => alice.receive(welcome),
    stateOfBob: () => alice.core.book.get(bob.publicId)?.state,
    reads: () => registry.reads - before,
    isShown: () => {
      entry.devices = devices;
    },
    close() {
      alice.close();
      bob.close();
    },
  };
}

/** Lets pauses pass until the work is done; `each` is called before each. */
async function hurry(work: Promise<unknown>, each: () => void = () => undefined): Promise<void> {
  let running = true;
  const ended = work.finally(() => {
    running = false;
  });
  ended.catch(() => undefined);
  while (running) {
    await new Promise((resolve) => setImmediate(resolve));
    if (vi.getTimerCount() === 0) continue;
    each();
    await vi.advanceTimersByTimeAsync(registryPause);
  }
  await ended;
}

test("a welcome from a device that shows in the registry a block later connects", async () => {
  const { receive, stateOfBob, reads, isShown, close } = await welcomed();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await hurry(receive(), () => reads() === 2 && isShown());
  expect(reads()).toBe(3);
  expect(stateOfBob()).toBe("connected");
  close();
});

test("a welcome that never fits the registry is refused, and the request stays open", async () => {
  const { alice, receive, stateOfBob, reads, isShown, close } = await welcomed();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await expect(hurry(receive())).rejects.toMatchObject({ code: "IDENTITY_CHANGED" });
  expect(reads()).toBe(registryTries);
  expect(stateOfBob()).toBe("request-sent");
  expect(alice.core.threads.all()).toEqual([]);
  // What is parked is tried again: it may have come too early all the same.
  isShown();
  await receive();
  expect(stateOfBob()).toBe("connected");
  close();
});
