import { afterEach, expect, test } from "vitest";
import { createGroupConversation } from "../../src/conversation/group/create.ts";
import { concat } from "../../src/crypto/bytes.ts";
import { restoreHistory } from "../../src/devices/restoreHistory.ts";
import { saveHistory } from "../../src/devices/saveHistory.ts";
import { type Crowd, createCrowd } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

test.each([
  ["is off the list", false],
  ["is still listed", true],
])(
  "a history restored on a new device is whole, and it comes back into every conversation: the lost one %s",
  async (_, listed) => {
    crowd = createCrowd();
    const [ann, bob] = [await crowd.open(1), await crowd.open(2)];
    const id = await crowd.befriend(ann, bob);
    for (let n = 0; n < 60; n++) await sendText(ann.session.core, id, `${n} ${"x".repeat(8_000)}`);
    const group = await createGroupConversation(ann.session.core, { name: "Reading", people: [bob.publicId] });
    await crowd.until("bob", () => bob.session.core.threads.get(group)?.devices.length === 2);
    await sendText(bob.session.core, group, "in the group");
    await crowd.until("the text", async () => (await ann.texts(group)).length === 1);
    const parts = await saveHistory(ann.session.core);
    expect(parts.length).toBeGreaterThan(3);
    const file = concat(...parts);
    const texts = await ann.texts(id);
    const isNotice = ({ body }: { body: { type: string } }) => body.type === "notice";
    const notices = (await ann.session.core.threads.messages(group, { limit: 100 })).filter(isNotice).length;

    // Nothing of the text, and nothing for anybody else, whole or in pieces.
    expect(new TextDecoder().decode(file)).not.toContain("xxxx");
    await expect(restoreHistory(bob.session.core, file)).rejects.toMatchObject({ code: "HISTORY_NOT_YOURS" });
    const changed = file.slice();
    changed[5000] = (changed[5000] ?? 0) ^ 1;
    const withoutOne = concat(...parts.filter((_, at) => at !== 2));
    const swapped = concat(parts[0] ?? file, parts[2] ?? file, parts[1] ?? file, ...parts.slice(3));
    const cut = concat(...parts.slice(0, -1));
    for (const bad of [changed, withoutOne, swapped, cut, file.slice(0, -1), file.slice(0, 21), new Uint8Array(0)]) {
      await expect(restoreHistory(ann.session.core, bad)).rejects.toMatchObject({ code: "HISTORY_INVALID" });
    }
    const foreign = file.slice();
    foreign[22] = (foreign[22] ?? 0) ^ 1;
    await expect(restoreHistory(ann.session.core, foreign)).rejects.toMatchObject({ code: "HISTORY_NOT_YOURS" });

    // The only device was lost; wallet and code made a new one.
    await ann.close();
    if (!listed) Object.assign(crowd.registry.entries.get(ann.publicId) as object, { devices: [] });
    const fresh = await crowd.open(1);
    expect(await restoreHistory(fresh.session.core, file)).toEqual({ conversations: 2, messages: 61 + notices });
    expect(await restoreHistory(fresh.session.core, file)).toEqual({ conversations: 0, messages: 0 });
    expect(await fresh.texts(id)).toEqual(texts);
    expect(await fresh.texts(group)).toEqual(["in the group"]);
    const inside = () => [id, group].every((one) => (fresh.session.core.threads.get(one)?.sessions.length ?? 0) > 0);
    await crowd.until("the new device everywhere", inside);
    await sendText(bob.session.core, id, "welcome back");
    await crowd.until("the text", async () => (await fresh.texts(id)).at(-1) === "welcome back");
  },
);
