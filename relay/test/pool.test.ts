import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@skrumble/sdk/protocol";
import { createRelayPool } from "@skrumble/sdk/relay";
import { describe, expect, test } from "vitest";
import { asMailboxOwner, collect, memoryCursors, poolOver } from "./support/pool.ts";
import { startTestRelay } from "./support/relayProcess.ts";
import { connectWire, createOwner, depositFrame, numbered, numberOf } from "./support/wire.ts";

const startThree = () => Promise.all([startTestRelay(), startTestRelay(), startTestRelay()]);

describe("relay pool over three real relays", () => {
  test("a payload is stored three times, receipted three times and handed over once", async () => {
    const relays = await startThree();
    const pool = poolOver(relays.map((relay, index) => relay.info(index + 1)));
    const owner = createOwner();
    const publicId = toHex(owner.publicId);
    const counts: number[] = [];
    const all = Promise.withResolvers<void>();
    const first = await pool.deposit(publicId, numbered(1), {
      ttlSeconds: 60,
      onReceipt(receipt, stored, of) {
        expect(of).toBe(3);
        expect(receipt.expiresAt - receipt.storedAt).toBe(60_000);
        counts.push(stored);
        if (stored === 3) all.resolve();
      },
    });
    expect(first).toEqual({ stored: 1, of: 3 });
    await all.promise;
    expect(counts).toEqual([1, 2, 3]);

    const inbox = collect(pool, asMailboxOwner(owner));
    await inbox.subscription.ready;
    await pool.deposit(publicId, numbered(2), { ttlSeconds: 60 });
    await inbox.has(1, 2);
    for (const relay of relays) while ((await relay.metric("skrumble_relay_subscriptions")) < 1) await pause(20);
    await pool.deposit(publicId, numbered(3), { ttlSeconds: 60 });
    await inbox.has(3);
    expect(inbox.numbers).toEqual([1, 2, 3]);
    expect(pool.status().map(({ state, carriesMyMailbox }) => [state, carriesMyMailbox])).toEqual(
      Array(3).fill(["online", true]),
    );
  });

  test("everybody chooses the same three of many relays, spread evenly", () => {
    const relays = Array.from({ length: 12 }, (_, index) => ({
      ...{ id: index + 1, endpoint: "http://127.0.0.1:1", region: "test", roles: index === 11 ? 2 : 1 },
      signingKey: toHex(new Uint8Array(32)),
    }));
    const share = new Map<number, number>();
    const chosen = async (list: typeof relays, publicId: `0x${string}`) => {
      const pool = poolOver(list);
      await pool.refresh();
      return pool.relaysFor(publicId).map(({ id }) => id);
    };
    return Promise.all(
      Array.from({ length: 200 }, async () => {
        const publicId = toHex(createOwner().publicId);
        const mine = await chosen(relays, publicId);
        expect(mine).toHaveLength(3);
        expect(await chosen([...relays].reverse(), publicId)).toEqual(mine);
        // A relay that goes moves only its own mailboxes.
        const gone = mine[1] as number;
        const after = await chosen(
          relays.filter(({ id }) => id !== gone),
          publicId,
        );
        expect(after.slice(0, 2)).toEqual([mine[0], mine[2]]);
        for (const id of mine) share.set(id, (share.get(id) ?? 0) + 1);
      }),
    ).then(() => {
      // Number 12 keeps no mailboxes.
      expect(share.has(12)).toBe(false);
      expect(share.size).toBe(11);
    });
  });

  test("with one and then two of three relays killed, messages go on; those that were down catch up", async () => {
    const relays = await startThree();
    const infos = relays.map((relay, index) => relay.info(index + 1));
    const owner = createOwner();
    const publicId = toHex(owner.publicId);
    const sender = poolOver(infos);
    const inbox = collect(poolOver(infos), asMailboxOwner(owner));
    await inbox.subscription.ready;

    await relays[0]?.stop("SIGKILL");
    const stored = [1, 2, 3].map(() => Promise.withResolvers<void>());
    const result = await sender.deposit(publicId, numbered(1), {
      ttlSeconds: 600,
      onReceipt: (_receipt, count) => stored[count - 1]?.resolve(),
    });
    expect(result.of).toBe(3);
    await inbox.has(1);
    await stored[1]?.promise;
    await relays[1]?.stop("SIGKILL");
    await sender.deposit(publicId, numbered(2), { ttlSeconds: 600 });
    await inbox.has(2);

    // Back again, the first gets what it missed: the sender has not forgotten it.
    await relays[0]?.start();
    await stored[2]?.promise;
    await relays[1]?.start();
    await relays[2]?.stop("SIGKILL");
    await sender.deposit(publicId, numbered(3), { ttlSeconds: 600 });
    await inbox.has(3);
    expect(inbox.numbers).toEqual([1, 2, 3]);
  });

  test("with all relays gone the sender is told so in time", async () => {
    const relay = await startTestRelay();
    const pool = poolOver([relay.info()], { depositTimeout: 1_000 });
    await relay.stop("SIGKILL");
    const deposit = pool.deposit(toHex(createOwner().publicId), numbered(1), { ttlSeconds: 60 });
    await expect(deposit).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    const ephemeral = pool.deposit(toHex(createOwner().publicId), numbered(1), { ttlSeconds: 60, ephemeral: true });
    await expect(ephemeral).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    await expect(pool.queryAnchor(new Uint8Array(32))).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    expect(await pool.turn()).toEqual([]);
  });
});

describe("relay pool and its reader", () => {
  test("a payload whose handler fails comes again, and nothing behind it is lost", async () => {
    const relay = await startTestRelay();
    const pool = poolOver([relay.info()]);
    const owner = createOwner();
    for (let i = 1; i <= 5; i++) await pool.deposit(toHex(owner.publicId), numbered(i), { ttlSeconds: 60 });
    let failures = 0;
    const inbox = collect(pool, asMailboxOwner(owner), async (incoming) => {
      if (incoming.payload[3] === 3 && failures++ < 2) throw new Error("not now");
    });
    await inbox.has(1, 2, 3, 4, 5);
    expect(failures).toBe(3);
    expect(inbox.numbers.filter((number) => number === 3)).toEqual([3]);
  });

  test("a restarted client goes on where it stood", async () => {
    const relay = await startTestRelay();
    const owner = createOwner();
    const publicId = toHex(owner.publicId);
    const cursors = memoryCursors();
    const pool = poolOver([relay.info()]);
    const first = collect(pool, asMailboxOwner(owner, cursors));
    await pool.deposit(publicId, numbered(1), { ttlSeconds: 60 });
    await first.has(1);
    while ((await cursors.get(1)) === undefined) await pause(10);
    await first.subscription.close();
    await pool.deposit(publicId, numbered(2), { ttlSeconds: 60 });
    const second = collect(poolOver([relay.info()]), asMailboxOwner(owner, cursors));
    await second.has(2);
    expect(second.numbers).toEqual([2]);
  });

  test("a backlog longer than what may wait is read over one line, and how much is left is told", async () => {
    const relay = await startTestRelay();
    const owner = createOwner();
    const wire = await connectWire(relay.url);
    const count = 5_000;
    for (let i = 1; i <= count; i++) {
      wire.send(depositFrame(owner.tag, i, numbered(i)));
      if (i % 100 === 0) await wire.take("receipt", i);
    }

    const pool = poolOver([relay.info()]);
    const states: string[] = [];
    const left: number[] = [];
    pool.on("status", ([status]) => {
      if (status && status.state !== states.at(-1)) states.push(status.state);
      if (status && status.behind !== left.at(-1)) left.push(status.behind);
    });
    // The first takes so long that the relay could send all the others meanwhile.
    const inbox = collect(pool, asMailboxOwner(owner), async ({ payload }) => {
      if (numberOf(payload) === 1) await pause(500);
    });
    await inbox.has(count);
    expect(inbox.numbers).toEqual(Array.from({ length: count }, (_, i) => i + 1));
    expect(states).toEqual(["offline", "connecting", "online"]);
    while (left.at(-1) !== 0) await pause(10);
    expect(Math.max(...left)).toBe(count);
    expect(left.length).toBeGreaterThan(50);

    await pool.deposit(toHex(owner.publicId), numbered(count + 1), { ttlSeconds: 60 });
    await inbox.has(count + 1);
    expect(left.at(-1)).toBe(0);
  });

  test("many deposits at once go out as fast as a relay takes them, and none is refused", async () => {
    const relay = await startTestRelay();
    const pool = poolOver([relay.info()], { depositTimeout: 60_000 });
    const to = toHex(createOwner().publicId);
    const count = 700;
    const deposits = Array.from({ length: count }, (_, i) => pool.deposit(to, numbered(i), { ttlSeconds: 60 }));
    expect(await Promise.all(deposits)).toEqual(Array(count).fill({ stored: 1, of: 1 }));
    expect(await relay.metric("skrumble_relay_rate_limited_total")).toBe(0);
  });

  test("an ephemeral payload reaches who listens", async () => {
    const relay = await startTestRelay();
    const pool = poolOver([relay.info()]);
    const owner = createOwner();
    const inbox = collect(pool, asMailboxOwner(owner));
    await inbox.subscription.ready;
    const result = await pool.deposit(toHex(owner.publicId), numbered(9), { ttlSeconds: 1, ephemeral: true });
    expect(result).toEqual({ stored: 0, of: 1 });
    await inbox.has(9);
  });
});

describe("relay pool and bad input", () => {
  test("arguments that no relay would take are refused at once", async () => {
    const pool = poolOver([]);
    const to = toHex(createOwner().publicId);
    const refused = (work: Promise<unknown>, code: string) => expect(work).rejects.toMatchObject({ code });
    await refused(pool.deposit(to, new Uint8Array(100), { ttlSeconds: 60 }), "INPUT_INVALID");
    await refused(pool.deposit(to, numbered(1), { ttlSeconds: 0 }), "INPUT_INVALID");
    await refused(pool.deposit(to, numbered(1), { ttlSeconds: 2_592_001 }), "INPUT_INVALID");
    await refused(pool.deposit("0x12", numbered(1), { ttlSeconds: 60 }), "INPUT_INVALID");
    await refused(pool.deposit(to, numbered(1), { ttlSeconds: 60 }), "RELAY_NONE");
    await refused(pool.anchor(new Uint8Array(95)), "INPUT_INVALID");
    await refused(pool.anchor(new Uint8Array(96)), "RELAY_NONE");
    await refused(pool.queryAnchor(new Uint8Array(31)), "INPUT_INVALID");
    await pool.close();
    await refused(pool.deposit(to, numbered(1), { ttlSeconds: 60 }), "CLIENT_CLOSED");
  });

  test("a deposit can be cancelled, and a closing pool ends those under way", async () => {
    const nowhere = {
      id: 1,
      endpoint: "http://127.0.0.1:1",
      region: "",
      roles: 3,
      signingKey: toHex(new Uint8Array(32)),
    };
    const to = toHex(createOwner().publicId);
    const pool = poolOver([nowhere, { ...nowhere, id: 2, endpoint: "not a url" }]);
    const cancel = new AbortController();
    const cancelled = pool.deposit(to, numbered(1), { ttlSeconds: 60, signal: cancel.signal });
    const closed = pool.deposit(to, numbered(1), { ttlSeconds: 60 });
    const anchor = pool.anchor(new Uint8Array(96));
    const expectations = [
      expect(cancelled).rejects.toMatchObject({ code: "ABORTED" }),
      expect(closed).rejects.toMatchObject({ code: "CLIENT_CLOSED" }),
      expect(anchor).rejects.toMatchObject({ code: "CLIENT_CLOSED" }),
    ];
    await pause(100);
    cancel.abort();
    await pool.close();
    await Promise.all(expectations);
  });

  test("a directory that fails is asked again; its error is told when there is nothing else", async () => {
    const relay = await startTestRelay();
    let asked = 0;
    const directory = async () => {
      if (++asked < 3) throw new Error("chain away");
      return [relay.info()];
    };
    const pool = createRelayPool({ directory, limits: { backoffMin: 10, backoffMax: 20 } });
    await expect(pool.refresh()).rejects.toMatchObject({ code: "NETWORK_UNREACHABLE" });
    const inbox = collect(pool, asMailboxOwner(createOwner()));
    await inbox.subscription.ready;
    expect(asked).toBe(3);
    await pool.close();
  });

  test("a full mailbox is told as such", async () => {
    const relay = await startTestRelay({ MAILBOX_MESSAGES: "1" });
    const pool = poolOver([relay.info()], { depositTimeout: 500 });
    const owner = createOwner();
    const wire = await connectWire(relay.url);
    wire.send(depositFrame(owner.tag, 1, numbered(1)));
    await wire.take("receipt", 1);
    const deposit = pool.deposit(toHex(owner.publicId), numbered(2), { ttlSeconds: 60 });
    await expect(deposit).rejects.toMatchObject({ code: "RELAY_MAILBOX_FULL" });
  });
});

test("TURN credentials are coturn's, short-lived, and name nobody", async () => {
  const secretFile = join(tmpdir(), `skrumble-turn-${process.pid}`);
  writeFileSync(secretFile, "a shared secret\n", { mode: 0o600 });
  const urls = "turn:turn.example:3478,turns:turn.example:443?transport=tcp";
  const relay = await startTestRelay({ TURN_URLS: urls, TURN_SECRET_FILE: secretFile });
  const [server] = await poolOver([relay.info(1, 7)]).turn();
  expect(server?.urls).toEqual(urls.split(","));
  const [expiry, word] = String(server?.username).split(":");
  expect(Number(expiry)).toBeGreaterThan(Date.now() / 1000);
  expect(Number(expiry)).toBeLessThan(Date.now() / 1000 + 3700);
  expect(word).toMatch(/^[\w-]{8}$/);
  const expected = createHmac("sha1", "a shared secret").update(String(server?.username)).digest("base64");
  expect(server?.credential).toBe(expected);
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
