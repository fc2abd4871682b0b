import { expect, test } from "vitest";
import { connect, eventually, joinPerson, openClient, type Person } from "../../../test/support/network.ts";
import { randomBytes, toHex } from "../../src/crypto/bytes.ts";
import { anchorRoot } from "../../src/protocol/index.ts";
import { createRelayPool } from "../../src/relay/index.ts";
import type { IncomingPayload, RelayPool, RelayPoolOptions } from "../../src/relay/types.ts";
import { closeAll, textsOf, useNetwork } from "../support/network.ts";

/** Relays that lie. Forged receipts are found out by the relay pool and tested there. */

const network = useNetwork();

type Deliver = (incoming: IncomingPayload) => Promise<void>;

/** A pool whose relays all do to incoming payloads what `lie` says. */
const lyingPool =
  (lie: (incoming: IncomingPayload, deliver: Deliver) => Promise<void>) => (options: RelayPoolOptions) => {
    const pool = createRelayPool(options);
    const lying: RelayPool = {
      ...pool,
      own: (owner, deliver) => pool.own(owner, (incoming) => lie(incoming, deliver)),
    };
    return lying;
  };

test("relays that drop, repeat and reorder cannot lose, double or forge a text", async () => {
  let lies = false;
  let count = 0;
  const seen: IncomingPayload[] = [];
  const held: IncomingPayload[] = [];
  const createPool = lyingPool(async (incoming, deliver) => {
    if (!lies) return deliver(incoming);
    count++;
    seen.push(incoming);
    if (count % 4 === 0) return; // dropped, by all relays together
    if (count % 4 === 1) return void held.push(incoming); // held back
    await deliver(incoming);
    for (const late of held.splice(0)) await deliver(late);
    for (const old of seen.slice(-6)) await deliver(old).catch(() => undefined); // and everything again
    const broken = incoming.payload.slice();
    broken.set(randomBytes(16), 100);
    await deliver({ ...incoming, payload: broken });
  });
  const alice = await joinPerson(network, "alice");
  const bob = await joinPerson(network, "bob", { createPool });
  const { oneEnd, otherEnd } = await connect(alice, bob);
  await eventually("the certificate", async () => (await otherEnd.summary()).certificate.state === "certified");
  lies = true;
  const texts = Array.from({ length: 12 }, (_, i) => `text ${i}`);
  for (const text of texts) await oneEnd.sendText(text);
  await eventually("every text, asked for again where it was lost", async () => {
    await oneEnd.sendText("next");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const got = await textsOf(otherEnd);
    return texts.every((text) => got.includes(text));
  });
  const got = await textsOf(otherEnd);
  for (const text of texts) expect(got.filter((one) => one === text)).toHaveLength(1);
  await closeAll(alice, bob);
});

test("one operator cannot pass somebody else off as a contact", async () => {
  const [alice, bob, mallory] = await Promise.all(["alice", "bob", "mallory"].map((name) => joinPerson(network, name)));
  if (!alice || !bob || !mallory) throw new Error("three people expected");
  const swap = (body: string, from: string | undefined, to: string) =>
    body.replaceAll(from?.slice(2) ?? "-", to.slice(2));
  /** Relays with these numbers name `to` wherever the registry says Bob. */
  const liars =
    (lies: Record<number, string>): typeof fetch =>
    async (input, init) => {
      const response = await fetch(input, init);
      const to = lies[network.urls.findIndex((url) => String(input).startsWith(url))];
      if (!to || !String(input).endsWith("/rpc")) return response;
      return new Response(swap(await response.text(), bob.client.identity?.publicId, to), response);
    };
  const isMallory = mallory.client.identity?.publicId ?? "";
  for (const liar of [0, 1, 2]) {
    const client = await openAs(alice, liars({ [liar]: isMallory }));
    expect((await client.contacts.find(bob.name)).publicId).toBe(bob.client.identity?.publicId);
    await client.close();
  }
  // Where no two agree, nothing is believed.
  const client = await openAs(alice, liars({ 0: isMallory, 1: toHex(randomBytes(32)) }));
  await expect(client.contacts.find(bob.name)).rejects.toMatchObject({ code: "QUORUM_FAILED" });
  await Promise.all([client, alice.client, bob.client, mallory.client].map((one) => one.close()));

  async function openAs(person: Person, fetching: typeof fetch) {
    const opened = await openClient(network, { fetch: fetching });
    const { wallet, name, securityCode } = person;
    await opened.join({ wallet, pseudonym: name, securityCode });
    return opened;
  }
});

test("a certificate is believed only when the chain has it", async () => {
  const forged: string[] = [];
  const createPool = (options: RelayPoolOptions): RelayPool => {
    const pool = createRelayPool(options);
    return {
      ...pool,
      async anchor(leaf, anchorOptions) {
        if (forged.length > 1) return pool.anchor(leaf, anchorOptions);
        // First a root that never was on chain, then a real one that does not hold the leaf.
        const other = randomBytes(96);
        const real = await pool.anchor(other, anchorOptions);
        const sibling = randomBytes(32);
        const root = forged.length === 0 ? toHex(anchorRoot(leaf, [sibling])) : real.root;
        forged.push(root);
        return { ...real, leaf, root, proof: forged.length === 1 ? [toHex(sibling)] : real.proof };
      },
    };
  };
  const alice = await joinPerson(network, "alice");
  const bob = await joinPerson(network, "bob", { createPool });
  const { otherEnd } = await connect(alice, bob);
  const certificate = await eventually("an honest certificate", async () => {
    const { certificate: found } = await otherEnd.summary();
    return found.state === "certified" && found;
  });
  expect(forged).toHaveLength(2);
  expect(forged).not.toContain(certificate.root);
  await closeAll(alice, bob);
});
