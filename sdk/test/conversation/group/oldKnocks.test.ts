import { afterEach, expect, test } from "vitest";
import { whenSettled } from "../../../src/conversation/commit/settle.ts";
import { joinByLink } from "../../../src/conversation/entry/joinByLink.ts";
import { receiveKnock } from "../../../src/conversation/entry/receiveKnock.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import { toBase64Url } from "../../../src/crypto/bytes.ts";
import { createKeyPackage } from "../../../src/crypto/mls/keyPackage.ts";
import { createMemoryStore } from "../../../src/store/memory.ts";
import { openVault } from "../../../src/store/vault.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";
import { enrol } from "../../support/world.ts";

/** Relays may keep what they were told to forget, and hand it out a second time. */

let crowd: Crowd;
afterEach(() => crowd.close());

const people = ({ session }: Device, id: string) => Object.keys(session.core.threads.get(id)?.state.people ?? {});
const act = ({ session }: Device, id: string) => groupActions(session.core, id, "https://x");
const day = 86_400_000;

/** Dan came into Ann's group by its link. `replay`: Ann's relays hand her all of it again, after a restart. */
async function byLink() {
  crowd = createCrowd();
  const [ann, dan] = [await crowd.open(1), await crowd.open(4)];
  const id = await createGroupConversation(ann.session.core, { name: "Open house", join: "open" });
  const kept: Uint8Array[] = [];
  const { post } = crowd;
  crowd.post = (to, payload, handOn) => {
    if (to === ann.publicId) kept.push(payload.slice());
    return post(to, payload, handOn);
  };
  await joinByLink(dan.session.core, await act(ann, id).link());
  await crowd.until("dan to be in", () => [ann, dan].every((one) => people(one, id).length === 2));
  crowd.post = post;
  const replay = async () => {
    await ann.close();
    const again = await crowd.open(1, { store: ann.store });
    for (const payload of kept) await again.take(payload);
    const { core } = again.session;
    await crowd.until("all to be looked at", async () => (await core.vault.range("parked")).length === 0);
    await whenSettled(core, id);
    await crowd.deliver();
    return again;
  };
  return { id, ann, dan, replay };
}

test("a knock that comes a second time takes nobody's device out", async () => {
  const { id, dan, replay } = await byLink();
  const before = dan.session.core.threads.get(id)?.sessions.at(-1)?.branch;
  const again = await replay();
  expect(again.session.core.intents.of(id)).toEqual([]);
  expect(dan.session.core.threads.get(id)).toMatchObject({ sessions: [{ branch: before }] });
  expect(dan.session.core.threads.get(id)?.left).toBeUndefined();
});

test("a knock that comes a second time brings nobody back who has left", async () => {
  const { id, ann, dan, replay } = await byLink();
  await act(dan, id).leave();
  await crowd.until("dan to be gone", () => people(ann, id).length === 1);
  const again = await replay();
  expect(again.session.core.intents.of(id)).toEqual([]);
  expect(people(again, id)).toEqual([ann.publicId]);
});

test("a knock counts for a week, and of many of one person this device remembers the last", async () => {
  const { id, ann, dan } = await byLink();
  const { core } = ann.session;
  let clock = Date.now();
  core.now = () => clock;
  // Another device of Dan's, which knocks and knocks.
  const { claim, deviceKey } = await enrol(crowd.registry, await openVault(createMemoryStore()), 4);
  const keyPackage = toBase64Url((await createKeyPackage(claim, deviceKey.secret, clock)).public);
  const knock = (n: number, sentAt: number) => {
    const nonce = n.toString(16).padStart(64, "0");
    // It stands where Ann does, so all that is done about it is to remember it.
    const { epoch, branch } = core.threads.get(id)?.sessions.at(-1) ?? { epoch: 0, branch: "" };
    const body = { v: 1 as const, from: dan.publicId, nonce, sentAt, conversationId: id, keyPackage };
    return receiveKnock(core, { ...body, stands: { epoch, branch } });
  };
  const known = async () => {
    const [row] = await core.vault.range<{ knocks: { nonce: string }[] }>(`dealt knocks ${id}`);
    return row?.value.knocks.map(({ nonce }) => Number(`0x${nonce.slice(-6)}`)) ?? [];
  };
  await knock(1, clock - 8 * day);
  await knock(2, clock + 8 * day);
  expect((await known()).length).toBe(1);
  for (let n = 100; n < 300; n++) await knock(n, clock + n);
  expect(await known()).toEqual(Array.from({ length: 64 }, (_, i) => 236 + i));
  await knock(100, clock + 100);
  expect((await known())[0]).toBe(236);
  clock += 7 * day + 299;
  await knock(300, clock);
  expect(await known()).toEqual([299, 300]);
});
