import { afterEach, expect, test } from "vitest";
import { joinByLink } from "../../../src/conversation/entry/joinByLink.ts";
import { groupActions } from "../../../src/conversation/group/actions.ts";
import { createGroupConversation } from "../../../src/conversation/group/create.ts";
import { type Crowd, createCrowd } from "../../support/crowd.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

test("whoever may not come in is told, once, and may knock again", async () => {
  crowd = createCrowd();
  const [ann, dan] = [await crowd.open(1), await crowd.open(4)];
  const id = await createGroupConversation(ann.session.core, { name: "Closed circle" });
  const actions = groupActions(ann.session.core, id, "https://x");
  const refused: string[] = [];
  dan.session.core.events.on("refused", ({ conversationId }) => refused.push(conversationId));
  const knock = async () => {
    await joinByLink(dan.session.core, await actions.link());
    await crowd.until("a request", async () => (await actions.view()).requests.length === 1);
  };
  await knock();
  await actions.decide(dan.publicId, false);
  await crowd.until("the answer", () => refused.length > 0);
  expect(refused).toEqual([id]);
  expect(dan.session.core.threads.get(id)).toBeUndefined();
  expect((await actions.view()).requests).toEqual([]);
  await actions.decide(dan.publicId, false);
  await knock();
  await actions.decide(dan.publicId, true);
  await crowd.until("dan to be in", () => dan.session.core.threads.get(id) !== undefined);
  expect(refused).toEqual([id]);
  for (const device of crowd.devices) expect(device.problems).toEqual([]);
});
