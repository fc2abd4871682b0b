import { expect, test, vi } from "vitest";
import { blockContact, unblockContact } from "../../src/contacts/block.ts";
import { publicContact } from "../../src/contacts/book.ts";
import { checkContacts } from "../../src/contacts/checkContact.ts";
import { requestContact } from "../../src/contacts/request.ts";
import { randomBytes } from "../../src/crypto/bytes.ts";
import { sendText } from "../support/say.ts";
import { befriend, createRegistry, openPerson, routeOf } from "../support/world.ts";

const hour = 3_600_000;

async function connected() {
  let at = Date.now();
  const registry = createRegistry();
  const [alice, bob] = [await openPerson(registry, 1, { now: () => at }), await openPerson(registry, 2)];
  const id = await befriend(bob, alice);
  const entry = registry.entries.get(bob.publicId);
  if (!entry) throw new Error("bob is not registered");
  return {
    registry,
    alice,
    bob,
    id,
    entry,
    passes: (ms: number) => {
      at += ms;
    },
    problem: () => {
      const record = alice.core.book.get(bob.publicId);
      return record && publicContact(record).problem?.code;
    },
    close() {
      alice.close();
      bob.close();
    },
  };
}

test("nothing goes to an identity that was revoked, from the next hourly look on", async () => {
  const { registry, alice, id, entry, passes, problem, close } = await connected();
  entry.revoked = true;
  const reads = registry.reads;
  await sendText(alice.core, id, "within the hour");
  expect(registry.reads).toBe(reads);
  passes(hour);
  const sent = alice.sent.length;
  await expect(sendText(alice.core, id, "later")).rejects.toMatchObject({ code: "IDENTITY_REVOKED" });
  expect(alice.sent).toHaveLength(sent);
  expect(problem()).toBe("IDENTITY_REVOKED");
  // Should it have been a mistake, it passes.
  entry.revoked = false;
  passes(hour);
  await sendText(alice.core, id, "again");
  expect(problem()).toBeUndefined();
  close();
});

test("the look at the start finds changed keys and removed devices", async () => {
  const { alice, bob, id, entry, problem, close } = await connected();
  entry.devices = [randomBytes(32)];
  await checkContacts(alice.core);
  expect(problem()).toBe("IDENTITY_CHANGED");
  await expect(sendText(alice.core, id, "to whom?")).rejects.toMatchObject({ code: "IDENTITY_CHANGED" });
  entry.devices = [bob.core.self.deviceKey.public];
  await checkContacts(alice.core);
  expect(problem()).toBeUndefined();
  close();
});

test("keys do not count as changed in a conversation that was brought back, and has let this device in nowhere yet", async () => {
  const { alice, id, problem, close } = await connected();
  const thread = alice.core.threads.get(id);
  if (!thread) throw new Error("there is no conversation");
  // As from a file, or from a backup.
  await alice.core.threads.save({ thread: { ...thread, devices: [], sessions: [] } });
  await checkContacts(alice.core);
  expect(problem()).toBeUndefined();
  close();
});

test("who shows the conversation hears what changed about the person", async () => {
  const { alice, bob, entry, close } = await connected();
  const told: string[] = [];
  const hears = (what: string) => vi.waitFor(() => expect(told.at(-1)).toBe(what));
  alice.core.events.on("conversation", (summary) => {
    if (summary.kind === "pair") told.push(summary.contact.problem?.code ?? summary.contact.state);
  });
  await blockContact(alice.core, bob.publicId);
  await hears("blocked");
  await unblockContact(alice.core, bob.publicId);
  await hears("connected");
  entry.revoked = true;
  await checkContacts(alice.core);
  await hears("IDENTITY_REVOKED");
  close();
});

test("a chain that cannot be asked holds nothing up", async () => {
  const { registry, alice, id, passes, problem, close } = await connected();
  registry.reachable = false;
  passes(hour);
  await sendText(alice.core, id, "all the same");
  expect(alice.sent).toHaveLength(1);
  expect(problem()).toBeUndefined();
  close();
});

test("asking a contact again replaces the session on both sides and keeps the conversation", async () => {
  const { alice, bob, id, close } = await connected();
  const before = routeOf(alice, bob);
  expect((await requestContact(alice.core, bob.publicId)).state).toBe("connected");
  expect(alice.sent).toHaveLength(0);
  await requestContact(alice.core, bob.publicId, undefined, { renew: true });
  expect(alice.core.book.get(bob.publicId)).toMatchObject({ state: "connected", conversationId: id });
  await bob.receive(alice.sent.splice(0));
  await alice.receive(bob.sent.splice(0));
  expect(routeOf(alice, bob)).not.toBe(before);
  expect(routeOf(alice, bob)).toBe(routeOf(bob, alice));
  expect(alice.core.threads.get(id)?.sessions.filter(({ closed }) => closed === undefined)).toHaveLength(1);
  await sendText(alice.core, id, "in the new one");
  await bob.receive(alice.sent.splice(0));
  const messages = await bob.core.threads.messages(bob.core.book.get(alice.publicId)?.conversationId ?? "", {
    limit: 9,
  });
  expect(messages.map(({ body }) => body)).toEqual([{ type: "text", text: "in the new one" }]);
  close();
});
