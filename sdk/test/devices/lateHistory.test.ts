import { afterEach, expect, test } from "vitest";
import { requestContact } from "../../src/contacts/request.ts";
import { deleteHere, setStar, starredIn } from "../../src/conversation/content/here.ts";
import { sendContent } from "../../src/conversation/send/sendContent.ts";
import { concat } from "../../src/crypto/bytes.ts";
import { restoreHistory } from "../../src/devices/restoreHistory.ts";
import { saveHistory } from "../../src/devices/saveHistory.ts";
import { type Crowd, createCrowd, type Device } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

/** History that is brought to a device on which something was said already: that moves behind it. */

let crowd: Crowd;
afterEach(() => crowd.close());

const stars = async ({ session }: Device, id: string) =>
  (await starredIn(session.core, id)).map(({ body }) => (body.type === "text" ? body.text : body.type));

/** Bob said five things to a device of Ann's that is lost, and three to a fresh one without history. */
async function fresh() {
  crowd = createCrowd();
  const [lost, bob] = [await crowd.open(1), await crowd.open(2)];
  const before = await crowd.befriend(lost, bob);
  const old = [];
  for (let n = 0; n < 5; n++) old.push(await sendText(bob.session.core, before, `old ${n}`));
  await crowd.until("the old ones", async () => (await lost.texts(before)).length === 5);
  await setStar(lost.session.core, before, old[3]?.id ?? "", true);
  const file = concat(...(await saveHistory(lost.session.core)));
  await lost.close();
  Object.assign(crowd.registry.entries.get(lost.publicId) as object, { devices: [] });

  const ann = await crowd.open(1);
  await requestContact(ann.session.core, bob.publicId);
  const contact = () => ann.session.core.book.get(bob.publicId);
  await crowd.until("ann to be back", () => contact()?.state === "connected");
  const id = contact()?.conversationId ?? "";
  const theirs = bob.session.core.book.get(ann.publicId)?.conversationId ?? "";
  const say = async (...texts: string[]) => {
    const sent = [];
    for (const text of texts) sent.push(await sendText(bob.session.core, theirs, text));
    const last = texts.at(-1) ?? "";
    await crowd.until("the texts", async () => (await ann.texts(id)).includes(last));
    return sent.map((message) => message.id);
  };
  const takeBack = (target: string) => sendContent(bob.session.core, theirs, { kind: "delete", target });
  return { ann, id, file, say, takeBack };
}

test("taking back what was deleted here before the history came takes nothing of it", async () => {
  const { ann, id, file, say, takeBack } = await fresh();
  const sent = await say("new 0", "new 1", "new 2");
  await deleteHere(ann.session.core, id, sent[1] as string);
  await restoreHistory(ann.session.core, file);
  await takeBack(sent[1] as string);
  await say("after");
  expect(await ann.texts(id)).toEqual(["old 0", "old 1", "old 2", "old 3", "old 4", "new 0", "new 2", "after"]);
  expect(await ann.session.core.threads.message(id, sent[1] as string)).toBeUndefined();
});

test("stars come with the history, and stay with what moves behind it", async () => {
  const { ann, id, file, say, takeBack } = await fresh();
  const sent = await say("new 0", "new 1", "new 2");
  for (const one of [0, 2]) await setStar(ann.session.core, id, sent[one] as string, true);
  await restoreHistory(ann.session.core, file);
  expect(await stars(ann, id)).toEqual(["old 3", "new 0", "new 2"]);
  await setStar(ann.session.core, id, sent[0] as string, false);
  expect(await stars(ann, id)).toEqual(["old 3", "new 2"]);
  await takeBack(sent[2] as string);
  await say("after");
  expect(await stars(ann, id)).toEqual(["old 3"]);
});
