import { expect, test } from "vitest";
import { connect, eventually, joinPerson, openClient, type Person } from "../../../test/support/network.ts";
import { createRelayPool } from "../../src/relay/index.ts";
import type { MailboxOwner, RelayPool, RelayPoolOptions } from "../../src/relay/types.ts";
import { closeAll, textsOf, useNetwork } from "../support/network.ts";

/** Room for one backup of these tests beside another, and not for a third. */
const network = useNetwork({ relaySettings: { MAILBOX_BYTES: String(6 * 262_144) } });

/** A client's pool, with what it was asked, and deposits that fail from some point on. */
function watched() {
  const seen: { pool?: RelayPool; owner?: Omit<MailboxOwner, "cursors">; deposits: number } = {
    deposits: Number.POSITIVE_INFINITY,
  };
  const createPool = (options: RelayPoolOptions): RelayPool => {
    const pool = createRelayPool(options);
    seen.pool = pool;
    return {
      ...pool,
      readStored(owner, ...rest) {
        seen.owner = owner;
        return pool.readStored(owner, ...rest);
      },
      async deposit(to, payload, depositOptions) {
        if (to === seen.owner?.publicId && seen.deposits-- <= 0) throw new Error("The power is gone.");
        return pool.deposit(to, payload, depositOptions);
      },
    };
  };
  return {
    seen,
    createPool,
    /** Seqs of what relays hold of the backups, by relay. */
    async held(): Promise<Map<number, bigint[]>> {
      const held = new Map<number, bigint[]>();
      const note = ({ relayId, seq }: { relayId: number; seq: bigint }) =>
        held.set(relayId, [...(held.get(relayId) ?? []), seq]);
      await seen.pool?.readStored(seen.owner as Omit<MailboxOwner, "cursors">, note);
      return held;
    },
  };
}

test("a history at relays comes back on a blank browser with wallet and code, though two of three relays are gone", async () => {
  const { seen, createPool, held } = watched();
  const [alice, bob] = [await joinPerson(network, "alice", { createPool }), await joinPerson(network, "bob")];
  const { oneEnd } = await connect(alice, bob);
  for (let n = 0; n < 60; n++) await oneEnd.sendText(`${n} ${"好".repeat(2_500)}`);
  await expect(alice.client.history.restoreBackup()).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
  const first = await alice.client.history.backUp();
  expect(first).toMatchObject({ relays: 3, of: 3, messages: { done: 60, total: 60 } });
  // As long as the tier of a newcomer stores anything.
  expect((await alice.client.history.backupAllowance()).days).toBe(7);
  expect((first.expiresAt - first.at) / 86_400_000).toBeCloseTo(7, 1);
  const before = await held();
  expect([...before.values()].map(({ length }) => length)).toEqual([3, 3, 3]);

  // Half of the next one is written when the device dies: the first is there as it was.
  await oneEnd.sendText("later");
  seen.deposits = 1;
  await expect(alice.client.history.backUp()).rejects.toThrow("The power is gone.");
  for (const [relay, seqs] of before) expect((await held()).get(relay)).toEqual(expect.arrayContaining(seqs));

  // The next one takes the place of both.
  seen.deposits = Number.POSITIVE_INFINITY;
  const second = await alice.client.history.backUp();
  expect(second.messages).toEqual({ done: 61, total: 61 });
  const after = await held();
  expect([...after.values()].map(({ length }) => length)).toEqual([3, 3, 3]);
  for (const [relay, seqs] of after) expect(seqs.some((seq) => before.get(relay)?.includes(seq))).toBe(false);
  const texts = await textsOf(oneEnd);
  await alice.client.close();

  const { wallet, name: pseudonym, securityCode } = alice;
  const blank: Person = { ...alice, client: await openClient(network) };
  await blank.client.join({ wallet, pseudonym, securityCode, onlyDevice: true });
  const [one, other] = network.relays;
  await one?.halt("SIGKILL");
  await other?.halt("SIGKILL");
  expect(await blank.client.history.restoreBackup()).toEqual({ made: expect.any(Number) });
  const end = blank.client.conversations.open(oneEnd.id);
  expect(await textsOf(end)).toEqual(texts);
  await one?.resume();
  await other?.resume();
  await blank.client.history.dropBackup();
  expect(await blank.client.history.lastBackup()).toBeUndefined();
  await eventually("the way into the conversation", async () => {
    await end.sendText("here again").catch(() => undefined);
    const [theirs] = await bob.client.conversations.list();
    return theirs?.last?.body.type === "text" && theirs.last.body.text === "here again";
  });
  await closeAll(bob, blank);
});

test("a backup that does not fit into the mailbox is refused, and leaves the one before", async () => {
  const [alice, bob] = [await joinPerson(network, "alice"), await joinPerson(network, "bob")];
  const { oneEnd } = await connect(alice, bob);
  await oneEnd.sendText("small");
  const { at } = await alice.client.history.backUp();
  for (let n = 0; n < 200; n++) await oneEnd.sendText(`${n} ${"x".repeat(8_000)}`);
  await expect(alice.client.history.backUp()).rejects.toMatchObject({ code: "RELAY_MAILBOX_FULL" });
  expect((await alice.client.history.lastBackup())?.at).toBe(at);
  expect(await alice.client.history.restoreBackup()).toMatchObject({ made: expect.any(Number) });
  await closeAll(alice, bob);
});
