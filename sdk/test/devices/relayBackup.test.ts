import { afterEach, expect, test } from "vitest";
import type { Core } from "../../src/client/core.ts";
import { readAllowance } from "../../src/devices/relayBackup/allowance.ts";
import { backUp } from "../../src/devices/relayBackup/backUp.ts";
import { dropBackup } from "../../src/devices/relayBackup/drop.ts";
import { openBackupBox } from "../../src/devices/relayBackup/pieces.ts";
import { lastBackup } from "../../src/devices/relayBackup/record.ts";
import { renewBackup, resumeDrop } from "../../src/devices/relayBackup/renew.ts";
import { restoreBackup } from "../../src/devices/relayBackup/restore.ts";
import { maxBackupBytes } from "../../src/devices/relayBackup/room.ts";
import { type ErrorCode, SkrumbleError } from "../../src/errors/index.ts";
import { isPaddingClass } from "../../src/protocol/index.ts";
import type { DepositOptions, RelayPool } from "../../src/relay/types.ts";
import type { PublicId } from "../../src/types/primitives.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

const day = 86_400_000;

/** Mailboxes at three relays, of which the test decides what they have and do. */
function createRelays(now: () => number) {
  const relays = [1, 2, 3].map((id) => ({
    ...{ id, away: false, stored: [] as { seq: bigint; payload: Uint8Array }[] },
    /** How wrong its clock is, in milliseconds. */
    wrong: 0,
  }));
  const mailboxes = new Set<PublicId>();
  let [seq, refuseAfter, room] = [0n, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let refusal: ErrorCode = "RELAY_MAILBOX_FULL";
  let dies = false;
  const here = () => relays.filter(({ away }) => !away);
  const pool: Partial<RelayPool> = {
    relaysFor: () => relays as never,
    async deposit(to, payload, { onReceipt, ttlSeconds }: DepositOptions) {
      if (refuseAfter-- <= 0) throw new SkrumbleError(refusal);
      expect(isPaddingClass(payload.length)).toBe(true);
      mailboxes.add(to);
      if (here().every(({ stored }) => stored.length >= room)) throw new SkrumbleError("RELAY_MAILBOX_FULL");
      const keeping = here().filter(({ stored }) => stored.length < room);
      if (keeping.length === 0) throw new SkrumbleError("NETWORK_UNREACHABLE");
      for (const [i, { id, stored, wrong }] of keeping.entries()) {
        stored.push({ seq: ++seq, payload });
        onReceipt?.({ relayId: id, expiresAt: now() + wrong + ttlSeconds * 1000 } as never, i + 1, 3);
      }
      return { stored: keeping.length, of: 3 };
    },
    async readStored(_, onPayload) {
      if (here().length === 0) throw new SkrumbleError("NETWORK_UNREACHABLE");
      for (const { id, stored, wrong } of here()) {
        for (const one of stored) onPayload({ ...one, relayId: id, storedAt: now() + wrong });
      }
      return here().map(({ id }) => id);
    },
    async dropStored(_, upTo) {
      if (dies) throw new Error("The power is gone.");
      for (const relay of here()) relay.stored = relay.stored.filter((one) => one.seq > (upTo.get(relay.id) ?? 0n));
    },
  };
  return {
    relays,
    mailboxes,
    /** The next deposits are taken, so many of them. */
    refuseAfter: (deposits: number, code: ErrorCode = "RELAY_MAILBOX_FULL") => {
      [refuseAfter, refusal] = [deposits, code];
    },
    /** So many payloads fit a mailbox at each. */
    fill: (payloads: number) => {
      room = payloads;
    },
    /** Nothing is deleted any more: the device dies before. */
    diesBeforeDeleting: (now: boolean) => {
      dies = now;
    },
    serve(device: Device): Core {
      const { core } = device.session;
      return Object.assign(core, { pool: { ...core.pool, ...pool } });
    },
  };
}

async function world() {
  crowd = createCrowd();
  let at = Date.now();
  const now = () => at;
  const relays = createRelays(now);
  const [ann, bob] = [await crowd.open(1, { now }), await crowd.open(2, { now })];
  const id = await crowd.befriend(ann, bob);
  for (let n = 0; n < 70; n++) await sendText(ann.session.core, id, `${n} ${"x".repeat(8_000)}`);
  const core = relays.serve(ann);
  return {
    ...{ relays, ann, bob, id, core, now },
    passes: (ms: number) => {
      at += ms;
    },
    /** A blank device of the same person, who has lost all others. */
    async blank() {
      Object.assign(crowd.registry.entries.get(ann.publicId) as object, { devices: [] });
      const device = await crowd.open(1, { now });
      return { device, core: relays.serve(device) };
    },
  };
}

test("a blank device takes in what relays have, each piece from whichever has it, and makes backups from then on", async () => {
  const { relays, core, ann, bob, id, blank } = await world();
  expect(await lastBackup(core)).toBeUndefined();
  const info = await backUp(core);
  expect(info).toMatchObject({ relays: 3, of: 3, messages: { done: 70, total: 70 } });
  expect(await lastBackup(core)).toEqual(info);
  expect(relays.mailboxes.has(ann.publicId)).toBe(false);
  expect(relays.mailboxes.size).toBe(1);
  const count = relays.relays[0]?.stored.length as number;
  expect(count).toBeGreaterThan(3);

  const [first, second, third] = relays.relays;
  if (!first || !second || !third) throw new Error("three relays");
  first.stored = first.stored.filter((_, i) => i % 2 === 0);
  second.stored = second.stored.filter((_, i) => i % 2 === 1);
  third.away = true;
  const texts = await ann.texts(id);
  const fresh = await blank();
  expect(await restoreBackup(fresh.core)).toEqual({ made: info.at });
  expect(await fresh.device.texts(id)).toEqual(texts);
  expect(await lastBackup(fresh.core)).toMatchObject({ at: info.at, relays: 0, messages: info.messages });

  // Nobody else's identity opens any of it.
  const other = relays.serve(bob);
  await expect(restoreBackup(other)).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
});

test("the next backup takes the place of the one before, where it is whole", async () => {
  const { relays, core } = await world();
  await backUp(core);
  const before = relays.relays.map(({ stored }) => stored.map(({ payload }) => payload));
  const [, , third] = relays.relays;
  if (!third) throw new Error("three relays");
  third.away = true;
  expect(await backUp(core)).toMatchObject({ relays: 2, of: 3 });
  third.away = false;
  for (const [i, { stored }] of relays.relays.entries()) {
    const old = stored.filter(({ payload }) => before[i]?.includes(payload));
    expect(old.length).toBe(i === 2 ? before[2]?.length : 0);
  }
  await backUp(core);
  expect(relays.relays.map(({ stored }) => stored.length)).toEqual(before.map((payloads) => payloads.length));
  await dropBackup(core);
  // Nothing but the word that it was deleted.
  const box = await openBackupBox(core.self.identityKey.secret, 0);
  for (const { stored } of relays.relays) {
    const left = await Promise.all(stored.map(({ payload }) => box.open(payload)));
    expect(left).toEqual([{ head: { kind: "dropped", id: expect.any(String), number: 3 }, body: new Uint8Array() }]);
  }
  expect(await lastBackup(core)).toBeUndefined();
  await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
});

test("a backup that was not finished counts for nothing, and the one before stays", async () => {
  const { relays, core, id, blank } = await world();
  const { at } = await backUp(core);
  await sendText(core, id, "later");
  relays.refuseAfter(2);
  await expect(backUp(core)).rejects.toMatchObject({ code: "RELAY_MAILBOX_FULL" });
  expect((await lastBackup(core))?.at).toBe(at);
  const fresh = await blank();
  expect(await restoreBackup(fresh.core)).toEqual({ made: at });
  relays.refuseAfter(Number.POSITIVE_INFINITY);
  // What the unfinished one left is gone with the next.
  const before = relays.relays[0]?.stored.length as number;
  await backUp(fresh.core);
  expect(relays.relays[0]?.stored.length).toBeLessThan(before);
});

test("missing parts, an older backup than there was, and silence are told apart", async () => {
  const { relays, core, ann, id } = await world();
  await backUp(core);
  const older = relays.relays.map(({ stored }) => [...stored]);
  await sendText(core, id, "later");
  await backUp(core);
  const newer = relays.relays.map(({ stored }) => [...stored]);
  const put = (choose: (relay: number) => { seq: bigint; payload: Uint8Array }[]) => {
    for (const [i, relay] of relays.relays.entries()) relay.stored = choose(i);
  };
  put((i) => (newer[i] ?? []).slice(1));
  await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_INCOMPLETE" });
  put((i) => (newer[i] ?? []).slice(0, -1));
  await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
  put((i) => older[i] ?? []);
  await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_OUTDATED" });
  // A blank device sees by the index that there is a newer one.
  put((i) => [...(older[i] ?? []), ...(newer[i] ?? []).slice(1)]);
  await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_OUTDATED" });
  await restoreBackup(core, { older: true });
  expect(await ann.texts(id)).toContain("later");
  for (const relay of relays.relays) relay.away = true;
  for (const work of [restoreBackup, backUp]) {
    await expect(work(core)).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
  }
  for (const relay of relays.relays) relay.away = false;
  for (const work of [restoreBackup, backUp]) {
    await expect(work(core, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  }
});

test("what does not fit leaves the oldest messages out, and says so", async () => {
  const { core, id, ann, blank } = await world();
  crowd.registry.tier.storageBytes = 1_300_000n;
  const info = await backUp(core);
  expect(info.messages.total).toBe(70);
  expect(info.messages.done).toBeLessThan(70);
  expect(info.messages.done).toBeGreaterThan(20);
  const texts = await ann.texts(id);
  const fresh = await blank();
  await restoreBackup(fresh.core);
  expect(await fresh.device.texts(id)).toEqual(texts.slice(-info.messages.done));
});

test("is made anew after a day with new messages, else after a week, on a device that makes any", async () => {
  const { core, id, passes, now } = await world();
  expect(await renewBackup(core)).toBe(false);
  await backUp(core);
  passes(6 * day);
  expect(await renewBackup(core)).toBe(false);
  passes(2 * day);
  expect(await renewBackup(core)).toBe(true);
  expect(await lastBackup(core)).toMatchObject({ at: now(), expiresAt: now() + 30 * day });
  await sendText(core, id, "later");
  passes(day / 2);
  expect(await renewBackup(core)).toBe(false);
  passes(day);
  expect(await renewBackup(core)).toBe(true);
  expect((await lastBackup(core))?.messages).toEqual({ done: 71, total: 71 });
});

test("what is deleted while a renewal is due stays deleted", async () => {
  const { core, passes } = await world();
  for (const works of [
    [renewBackup, dropBackup],
    [dropBackup, renewBackup],
  ]) {
    await backUp(core);
    passes(8 * day);
    await Promise.all(works.map((work) => work(core)));
    expect(await lastBackup(core)).toBeUndefined();
    await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
  }
});

test("what one device deletes no other brings back, nor a relay that was away", async () => {
  const { relays, core, passes, blank } = await world();
  const [, , third] = relays.relays;
  if (!third) throw new Error("three relays");
  await backUp(core);
  const fresh = await blank();
  await restoreBackup(fresh.core);
  third.away = true;
  await dropBackup(core);
  third.away = false;
  passes(8 * day);
  await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
  expect(await renewBackup(fresh.core)).toBe(false);
  expect(await lastBackup(fresh.core)).toBeUndefined();
  // Until the person wants one again; then every device that has it renews it.
  await backUp(core);
  await restoreBackup(fresh.core);
  passes(8 * day);
  expect(await renewBackup(fresh.core)).toBe(true);
});

const heads = async (core: Core, stored: { payload: Uint8Array }[]) => {
  const box = await openBackupBox(core.self.identityKey.secret, 0);
  return Promise.all(stored.map(async ({ payload }) => (await box.open(payload))?.head));
};

test("a deletion says its word before it deletes, and one that was interrupted between goes on", async () => {
  const { relays, core, passes, blank } = await world();
  await backUp(core);
  const fresh = await blank();
  await restoreBackup(fresh.core);
  const before = relays.relays.map(({ stored }) => stored.length);
  relays.diesBeforeDeleting(true);
  await expect(dropBackup(core)).rejects.toThrow("The power is gone.");
  for (const [i, { stored }] of relays.relays.entries()) {
    expect(stored.length).toBe((before[i] as number) + 1);
    expect((await heads(core, stored)).at(-1)).toMatchObject({ kind: "dropped", number: 1 });
  }
  // It counts at once, for this device and for the others.
  expect(await lastBackup(core)).toBeUndefined();
  await expect(restoreBackup(core)).rejects.toMatchObject({ code: "BACKUP_NOT_FOUND" });
  passes(8 * day);
  expect(await renewBackup(fresh.core)).toBe(false);
  expect(await lastBackup(fresh.core)).toBeUndefined();
  relays.diesBeforeDeleting(false);
  expect(await resumeDrop(core)).toBe(true);
  for (const { stored } of relays.relays) {
    expect(await heads(core, stored)).toEqual([expect.objectContaining({ kind: "dropped", number: 1 })]);
  }
  expect(await resumeDrop(core)).toBe(false);
});

test("a deletion that no relay can be told of waits, says so, and goes on by itself", async () => {
  const { relays, core, passes } = await world();
  await backUp(core);
  const held = () => relays.relays.map(({ stored }) => stored.map(({ seq }) => seq));
  const before = held();
  for (const relay of relays.relays) relay.away = true;
  await expect(dropBackup(core)).rejects.toMatchObject({
    code: "BACKUP_DROP_WAITS",
    cause: { code: "NETWORK_UNREACHABLE" },
  });
  for (const relay of relays.relays) relay.away = false;
  relays.refuseAfter(0, "RELAY_REFUSED");
  await expect(dropBackup(core)).rejects.toMatchObject({ code: "BACKUP_DROP_WAITS" });
  expect(held()).toEqual(before);
  // Nothing is renewed meanwhile, nor after it was taken in again.
  expect(await lastBackup(core)).toBeUndefined();
  await restoreBackup(core);
  expect(await lastBackup(core)).toBeUndefined();
  passes(8 * day);
  await expect(renewBackup(core)).rejects.toMatchObject({ code: "RELAY_REFUSED" });
  relays.refuseAfter(Number.POSITIVE_INFINITY);
  expect(await renewBackup(core)).toBe(false);
  for (const { stored } of relays.relays) {
    expect(await heads(core, stored)).toEqual([expect.objectContaining({ kind: "dropped", number: 1 })]);
  }
});

test("a full mailbox has room for the word that all of it is deleted", async () => {
  const { relays, core } = await world();
  await backUp(core);
  relays.fill(relays.relays[0]?.stored.length as number);
  await dropBackup(core);
  for (const { stored } of relays.relays) {
    expect(await heads(core, stored)).toEqual([expect.objectContaining({ kind: "dropped", number: 1 })]);
  }
});

test("a deletion that goes on leaves what the person made after its word", async () => {
  const { relays, core, blank } = await world();
  await backUp(core);
  const fresh = await blank();
  relays.diesBeforeDeleting(true);
  await expect(dropBackup(core)).rejects.toThrow("The power is gone.");
  relays.diesBeforeDeleting(false);
  const { at } = await backUp(fresh.core);
  expect(await resumeDrop(core)).toBe(true);
  expect(await resumeDrop(core)).toBe(false);
  expect(await restoreBackup(core)).toEqual({ made: at });
  // Asked for anew on the device that still had to delete: that is over.
  relays.diesBeforeDeleting(true);
  await expect(dropBackup(core)).rejects.toThrow("The power is gone.");
  relays.diesBeforeDeleting(false);
  await backUp(core);
  expect(await resumeDrop(core)).toBe(false);
  expect(await lastBackup(core)).toBeDefined();
});

test("a device that comes back too late to know makes none by itself, and says so", async () => {
  const { relays, core, passes } = await world();
  const problems: string[] = [];
  Object.assign(core, { problem: (code: string) => problems.push(code) });
  await backUp(core);
  passes(31 * day);
  for (const relay of relays.relays) relay.stored = [];
  expect(await renewBackup(core)).toBe(false);
  expect(problems).toEqual(["BACKUP_GONE"]);
  expect(await lastBackup(core)).toBeUndefined();
  // Who was away for less has one again.
  await backUp(core);
  passes(29 * day);
  for (const relay of relays.relays) relay.stored = [];
  expect(await renewBackup(core)).toBe(true);
});

test.each([400 * day, -400 * day])(
  "a relay's clock that is wrong by %i ms neither ends renewals nor hurries them",
  async (wrong) => {
    const { relays, core, passes, blank, now } = await world();
    for (const relay of relays.relays) relay.wrong = wrong;
    const info = await backUp(core);
    const fresh = await blank();
    await restoreBackup(fresh.core);
    for (const said of [info, await lastBackup(fresh.core)]) {
      expect(said?.expiresAt).toBe(wrong > 0 ? now() + 30 * day : now());
    }
    passes(day / 8);
    expect(await renewBackup(core)).toBe(false);
    passes(8 * day);
    expect(await renewBackup(core)).toBe(true);
  },
);

test("follows the wallet that the identity has now", async () => {
  const { core, ann } = await world();
  crowd.registry.tier.storageDays = 4;
  const entry = crowd.registry.entries.get(ann.publicId);
  Object.assign(entry as object, { owner: "0x00000000000000000000000000000000000a11ce" });
  expect((await readAllowance(core)).next?.missing).toBe(2n);
});

test("is kept for as long as the tier stores anything, and made anew before that is over", async () => {
  const { core, passes, blank, now } = await world();
  crowd.registry.tier.storageDays = 4;
  expect(await readAllowance(core)).toEqual({
    ...{ tier: "Now", bytes: maxBackupBytes, days: 4 },
    next: { name: "Next", missing: 2n, bytes: maxBackupBytes, days: 30 },
  });
  expect(await backUp(core)).toMatchObject({ expiresAt: now() + 4 * day });
  passes(day - 1);
  expect(await renewBackup(core)).toBe(false);
  passes(1);
  expect(await renewBackup(core)).toBe(true);
  // A device that restores it knows how long it is there.
  const fresh = await blank();
  await restoreBackup(fresh.core);
  expect(await lastBackup(fresh.core)).toMatchObject({ expiresAt: now() + 4 * day });
});

test("one of a higher tier stays for its time when the tier fell; the person is told once", async () => {
  const { core, passes, now } = await world();
  const problems: string[] = [];
  Object.assign(core, { problem: (code: string) => problems.push(code) });
  const { expiresAt } = await backUp(core);
  crowd.registry.tier.storageDays = 7;
  passes(8 * day);
  expect(await renewBackup(core)).toBe(false);
  expect(await renewBackup(core)).toBe(false);
  expect(problems).toEqual(["BACKUP_TIER_FELL"]);
  expect(await lastBackup(core)).toMatchObject({ expiresAt });
  passes(15 * day);
  expect(await renewBackup(core)).toBe(true);
  expect(await lastBackup(core)).toMatchObject({ at: now(), expiresAt: now() + 7 * day });
  // A tier without any: what is there stays, and nothing new comes.
  crowd.registry.tier.storageDays = 0;
  passes(2 * day);
  expect(await renewBackup(core)).toBe(false);
  expect(problems).toEqual(["BACKUP_TIER_FELL", "BACKUP_TIER_FELL"]);
  expect(await lastBackup(core)).toMatchObject({ at: now() - 2 * day });
});

test("a tier without room for one says what it has, what is needed, and what is missing", async () => {
  const { core, relays } = await world();
  crowd.registry.tier.storageDays = 0;
  await expect(backUp(core)).rejects.toMatchObject({
    code: "BACKUP_OVER_TIER",
    values: { tier: "Now", days: 0, next: "Next", missing: "0.000000000000000002" },
  });
  crowd.registry.tier = { storageDays: 30, storageBytes: 1_000n };
  await expect(backUp(core)).rejects.toMatchObject({ code: "BACKUP_OVER_TIER", values: { bytes: 1_000 } });
  expect(relays.mailboxes.size).toBe(0);
});

test("the chain's silence stops no backup, once it was heard", async () => {
  const { core, now } = await world();
  crowd.registry.reachable = false;
  await expect(backUp(core)).rejects.toMatchObject({ code: "CHAIN_UNREACHABLE" });
  crowd.registry.reachable = true;
  crowd.registry.tier.storageDays = 7;
  const allowance = await readAllowance(core);
  crowd.registry.reachable = false;
  expect(await readAllowance(core)).toEqual(allowance);
  expect(await backUp(core)).toMatchObject({ expiresAt: now() + 7 * day });
});

test("pieces are of this identity and unchanged, or nothing", async () => {
  crowd = createCrowd();
  const box = await openBackupBox(new Uint8Array(32).fill(1), 0);
  const other = await openBackupBox(new Uint8Array(32).fill(2), 0);
  const head = { kind: "piece", id: "ab".repeat(16), number: 1, at: 0, length: 3 } as const;
  const body = Uint8Array.of(1, 2, 3);
  const payload = await box.seal(head, body);
  expect(await box.open(payload)).toEqual({ head, body });
  expect(await other.open(payload)).toBeUndefined();
  expect(other.mailbox).not.toBe(box.mailbox);
  for (const at of [0, 5, 100]) {
    const changed = payload.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await box.open(changed)).toBeUndefined();
  }
  for (const short of [new Uint8Array(0), payload.slice(0, 29), payload.slice(0, 20)]) {
    expect(await box.open(short)).toBeUndefined();
  }
});
