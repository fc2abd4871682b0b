import { afterEach, expect, test } from "vitest";
import type { AppMessage } from "../../../src/conversation/appMessage.ts";
import { deleteHere } from "../../../src/conversation/content/here.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import { setTimer } from "../../../src/conversation/group/setTimer.ts";
import { sendContent } from "../../../src/conversation/send/sendContent.ts";
import { transmit } from "../../../src/conversation/transmit.ts";
import { type Crowd, createCrowd, type Device } from "../../support/crowd.ts";
import { sendText } from "../../support/say.ts";

/** An admin lets somebody read what was said before they came. */

let crowd: Crowd;
afterEach(() => crowd.close());

const threadIn = (device: Device, id: string) => device.session.core.threads.get(id);
const act = (device: Device, id: string) => groupActions(device.session.core, id, "https://x");
const messagesOf = (device: Device, id: string) => device.session.core.threads.messages(id, { limit: 10_000 });
const noticesOf = async (device: Device, id: string) =>
  (await messagesOf(device, id)).flatMap(({ body }) => (body.type === "notice" ? [body.notice] : []));
const together = (id: string, ...devices: Device[]) =>
  new Set(devices.map((device) => threadIn(device, id)?.sessions.at(-1)?.branch)).size === 1 &&
  devices.every((device) => threadIn(device, id) && device.session.core.intents.of(id).length === 0);

/** Ann's group with Bob, in which these things were said by both in turn before Cid came. */
async function group(texts: string[], options: { now?: () => number } = {}) {
  crowd = createCrowd();
  const [ann, bob, cid] = [await crowd.open(1, options), await crowd.open(2, options), await crowd.open(3, options)];
  await crowd.befriend(ann, bob);
  await crowd.befriend(ann, cid);
  const id = await createGroupConversation(ann.session.core, { name: "Tea", people: [bob.publicId] });
  await crowd.until("bob", () => together(id, ann, bob));
  const sent = [];
  for (const [n, text] of texts.entries()) {
    sent.push(await sendText((n % 2 ? bob : ann).session.core, id, text));
    await crowd.until(text, async () => (await ann.texts(id)).includes(text) && (await bob.texts(id)).includes(text));
  }
  const letIn = async (newcomer: Device) => {
    await act(ann, id).invite([newcomer.publicId]);
    await crowd.until("them to be in", () => together(id, ann, bob, newcomer));
  };
  return { id, ann, bob, cid, letIn, sent };
}

test("a newcomer reads nothing from before until an admin shares it; then it stands before their coming, marked, and all know", async () => {
  const { id, ann, bob, cid, letIn } = await group(["one", "two", "three"]);
  await letIn(cid);
  await sendText(bob.session.core, id, "welcome");
  await crowd.until("welcome", async () => (await cid.texts(id)).includes("welcome"));
  expect(await cid.texts(id)).toEqual(["welcome"]);
  const unread = threadIn(cid, id)?.unread;
  expect(await act(ann, id).shareHistory(cid.publicId)).toEqual({ messages: 3, complete: true });
  await crowd.until("the history", async () => (await cid.texts(id)).length === 4);
  expect(await cid.texts(id)).toEqual(["one", "two", "three", "welcome"]);
  const [one, two] = await messagesOf(cid, id);
  expect(one).toMatchObject({ from: ann.publicId, sharedBy: ann.publicId, outgoing: false });
  expect(two).toMatchObject({ from: bob.publicId, sharedBy: ann.publicId, outgoing: false });
  for (const device of [ann, bob, cid]) {
    expect((await noticesOf(device, id)).at(-1)).toEqual({ kind: "shared", by: ann.publicId, person: cid.publicId });
  }
  expect(threadIn(cid, id)?.unread).toBe(unread);
  expect(threadIn(ann, id)?.sharing).toEqual([]);
  expect(await bob.texts(id)).toEqual(["one", "two", "three", "welcome"]);
  // Twice is as good as once.
  await act(ann, id).shareHistory(cid.publicId);
  await crowd.until(
    "the second one",
    async () => threadIn(cid, id)?.state.shared?.length === 2 && together(id, ann, bob, cid),
  );
  await sendText(ann.session.core, id, "after");
  await crowd.until("after", async () => (await cid.texts(id)).includes("after"));
  expect(await cid.texts(id)).toEqual(["one", "two", "three", "welcome", "after"]);
  for (const device of crowd.devices) expect(device.problems).toEqual([]);
});

test("what was deleted, disappears or is older than wanted is not shared; edits as they read now, voices without their sound", async () => {
  let at = Date.now();
  const { id, ann, bob, cid, letIn, sent } = await group(["long ago", "gone", "first words"], { now: () => at });
  const [, gone = "", edited = ""] = sent.map((message) => message.id);
  at += 3_600_000;
  await sendContent(bob.session.core, id, { kind: "delete", target: gone });
  await sendContent(ann.session.core, id, { kind: "edit", target: edited, text: "better words" });
  const sound = { audio: "AAAA", mime: "audio/webm", seconds: 7, waveform: [1, 2, 3] };
  await sendContent(bob.session.core, id, { kind: "voice", ...sound, replyTo: undefined });
  const isVoice = async () => (await messagesOf(ann, id)).some(({ body }) => body.type === "voice");
  await crowd.until("the voice", async () => (await isVoice()) && (await ann.texts(id)).length === 2);
  await setTimer(ann.session.core, id, 3600);
  await crowd.until("the timer", () => together(id, ann, bob) && threadIn(bob, id)?.state.timer === 3600);
  await sendText(bob.session.core, id, "for an hour");
  await crowd.until("the short one", async () => (await ann.texts(id)).includes("for an hour"));
  await letIn(cid);
  const { messages } = await act(ann, id).shareHistory(cid.publicId, { since: at - 3_600_000 });
  expect(messages).toBe(3);
  await crowd.until("the history", async () => (await cid.texts(id)).length === 2);
  const said = (await messagesOf(cid, id)).filter(({ body }) => body.type !== "notice");
  expect(said.map(({ body }) => body)).toEqual([
    { type: "text", text: "long ago" },
    { type: "text", text: "better words" },
    { type: "voice", seconds: 7, waveform: [1, 2, 3], mime: "audio/webm" },
  ]);
  expect(said[1]).toMatchObject({ edited: at, sharedBy: ann.publicId });
  expect((await noticesOf(cid, id)).at(-1)).toMatchObject({ kind: "shared", since: at - 3_600_000 });
  // Who takes their words back takes them from this one too.
  await sendContent(ann.session.core, id, { kind: "delete", target: edited });
  await crowd.until("the deletion", async () => (await cid.texts(id)).length === 1);
  at += 2 * 86_400_000;
  await expect(act(ann, id).shareHistory(cid.publicId, { since: at - 86_400_000 })).rejects.toMatchObject({
    code: "HISTORY_NOTHING",
  });
});

test("hundreds of messages go in pieces, go on after a crash, and come in order whatever the order of the pieces", async () => {
  const { id, ann, bob, cid, letIn } = await group([]);
  const long = "tea ".repeat(500);
  for (let n = 0; n < 120; n++) await sendText(ann.session.core, id, `${n} ${long}`);
  await crowd.until("all of it", async () => (await bob.texts(id)).length === 120);
  await letIn(cid);
  await sendText(cid.session.core, id, "hello");
  await crowd.until("hello", async () => (await ann.texts(id)).includes("hello"));
  cid.online = false;
  expect((await act(ann, id).shareHistory(cid.publicId)).messages).toBe(120);
  await crowd.until("the first piece", () => (threadIn(ann, id)?.sharing?.[0]?.sent ?? 0) > 0);
  const { store } = ann;
  await ann.kill();
  const again = await crowd.open(1, { store });
  await crowd.until("the last piece", () => threadIn(again, id)?.sharing?.length === 0 && cid.inbox.length > 4);
  // The commit that tells of it must be first, as MLS orders them; the pieces come as they like.
  const [commit, ...pieces] = cid.inbox.splice(0);
  cid.inbox.push(commit as Uint8Array, ...pieces.reverse());
  cid.online = true;
  await crowd.until("the history", async () => (await cid.texts(id)).length === 121);
  const texts = await cid.texts(id);
  expect(texts.map((text) => text.split(" ")[0])).toEqual([...Array.from({ length: 120 }, (_, n) => `${n}`), "hello"]);
  expect(cid.problems).toEqual([]);
});

test("two admins share what overlaps: nothing twice, all in its place, and what was deleted here stays away", async () => {
  const { id, ann, bob, cid, letIn, sent } = await group(["one", "two", "three", "four"]);
  await act(ann, id).setRole(bob.publicId, "admin");
  await crowd.until("bob to be an admin", () => threadIn(bob, id)?.state.people[bob.publicId] === "admin");
  await deleteHere(bob.session.core, id, sent[1]?.id ?? "");
  await letIn(cid);
  await act(bob, id).shareHistory(cid.publicId);
  await crowd.until("bob's", async () => (await cid.texts(id)).length === 3);
  await deleteHere(cid.session.core, id, sent[2]?.id ?? "");
  await act(ann, id).shareHistory(cid.publicId);
  await crowd.until("ann's", async () => (await cid.texts(id)).includes("two"));
  expect(await cid.texts(id)).toEqual(["one", "two", "four"]);
  const by = (await messagesOf(cid, id)).flatMap(({ sharedBy }) => sharedBy ?? []);
  expect(by).toEqual([bob.publicId, ann.publicId, bob.publicId]);
  // Somebody who only knows them from another one has nothing to share.
  await act(ann, id).setRole(cid.publicId, "admin");
  const dan = await crowd.open(4);
  await crowd.befriend(ann, dan);
  await letIn(dan);
  await crowd.until("cid to be an admin", () => threadIn(cid, id)?.state.people[cid.publicId] === "admin");
  await expect(act(cid, id).shareHistory(dan.publicId)).rejects.toMatchObject({ code: "HISTORY_NOTHING" });
});

test("only admins share, with members who came later, from before", async () => {
  const { id, ann, bob, cid, letIn } = await group(["one"]);
  await letIn(cid);
  await expect(act(bob, id).shareHistory(cid.publicId)).rejects.toMatchObject({ code: "GROUP_NOT_ADMIN" });
  for (const [publicId, since] of [
    [ann.publicId, undefined],
    [`0x${"77".repeat(32)}` as const, undefined],
    [cid.publicId, Date.now() + 60_000],
    [cid.publicId, -1],
    [cid.publicId, Number.NaN],
  ] as const) {
    const options = since === undefined ? {} : { since };
    await expect(act(ann, id).shareHistory(publicId, options)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  }
  // Bob has been there from the first word on.
  await expect(act(ann, id).shareHistory(bob.publicId)).rejects.toMatchObject({ code: "HISTORY_NOTHING" });
});

test("pieces that nobody was told of, by a member, in another's name, for somebody else or of the wrong time count for nothing", async () => {
  const { id, ann, bob, cid, letIn, sent } = await group(["one", "two"]);
  const dan = await crowd.open(4);
  await crowd.befriend(ann, dan);
  await letIn(cid);
  await letIn(dan);
  await sendText(bob.session.core, id, "held");
  await crowd.until("held", async () => (await cid.texts(id)).includes("held"));
  const held = (await messagesOf(cid, id)).find(({ body }) => body.type === "text")?.id ?? "";
  await act(ann, id).shareHistory(cid.publicId, { since: Date.now() - 86_400_000 });
  await crowd.until("the history", async () => (await cid.texts(id)).length === 3);
  const share = threadIn(cid, id)?.state.shared?.[0]?.id ?? "";
  const since = threadIn(cid, id)?.state.shared?.[0]?.since ?? 0;
  let made = 0;
  type Piece = Extract<AppMessage, { type: "history" }>;
  const words = (text: string, more: Partial<Piece["said"][number]> = {}): Piece["said"][number] => ({
    ...{ id: (++made).toString(16).padStart(32, "0"), from: bob.publicId, at: since + 5 },
    content: { kind: "text", text },
    ...more,
  });
  const piece = (by: Device, to: Device, said: Piece["said"], more: Partial<Piece> = {}) =>
    by.session.core.serial.run(id, () =>
      transmit(by.session.core, id, {
        ttlSeconds: 600,
        to: [to.publicId],
        build: () => ({ v: 1, type: "history", share, to: cid.publicId, left: 0, said, ...more }),
      }),
    );
  await piece(bob, cid, [words("by a member")]);
  await piece(ann, cid, [words("of no sharing")], { share: "9".repeat(32) });
  // As somebody else in the group could pass on what they were sent.
  await piece(ann, dan, [words("for another")]);
  await piece(ann, dan, [words("for dan")], { to: dan.publicId });
  await piece(ann, cid, [
    words("changed", { id: held }),
    words("changed too", { id: sent[0]?.id ?? "" }),
    words("my own words", { from: cid.publicId }),
    words("from before", { at: since - 1 }),
    words("of next week", { at: Date.now() + 7 * 86_400_000 }),
  ]);
  await sendText(ann.session.core, id, "over");
  const heard = async (device: Device) => (await device.texts(id)).includes("over");
  await crowd.until("the end", async () => (await heard(cid)) && (await heard(dan)));
  expect(await cid.texts(id)).toEqual(["one", "two", "held", "over"]);
  expect(await dan.texts(id)).toEqual(["held", "over"]);
  // Clocks differ: what is dated a little later stands before their coming all the same.
  await piece(ann, cid, [words("by a fast clock", { at: Date.now() + 3_600_000 })]);
  await crowd.until("the piece", async () => (await cid.texts(id)).length === 5);
  expect(await cid.texts(id)).toEqual(["one", "two", "by a fast clock", "held", "over"]);
});

test("an author's own word takes the place of what an admin made of it, however early that was", async () => {
  const { id, ann, bob, cid, letIn } = await group(["one"]);
  await letIn(cid);
  await act(ann, id).shareHistory(cid.publicId);
  await crowd.until("the history", async () => (await cid.texts(id)).length === 1);
  const share = threadIn(cid, id)?.state.shared?.[0]?.id ?? "";
  cid.online = false;
  const said = await sendText(bob.session.core, id, "what bob said");
  const forged = {
    id: said.id,
    from: bob.publicId,
    at: 5,
    content: { kind: "text" as const, text: "what ann made of it" },
  };
  await ann.session.core.serial.run(id, () =>
    transmit(ann.session.core, id, {
      ttlSeconds: 600,
      to: [cid.publicId],
      build: () => ({ v: 1, type: "history", share, to: cid.publicId, left: 0, said: [forged] }),
    }),
  );
  await crowd.deliver();
  const [bobs, anns] = [cid.inbox.shift(), cid.inbox.shift()];
  cid.inbox.unshift(anns as Uint8Array, bobs as Uint8Array);
  const removed: string[] = [];
  cid.session.core.events.on("removed", (one) => removed.push(one.id));
  cid.online = true;
  await crowd.until("bob's words", async () => (await cid.texts(id)).includes("what bob said"));
  expect(await cid.texts(id)).toEqual(["one", "what bob said"]);
  expect(removed).toEqual([said.id]);
  expect((await messagesOf(cid, id)).at(-1)?.sharedBy).toBeUndefined();
});
