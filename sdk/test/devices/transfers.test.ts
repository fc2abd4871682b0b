import { afterEach, expect, test } from "vitest";
import { toHex } from "../../src/crypto/bytes.ts";
import { parseLinkAsk } from "../../src/devices/linkText.ts";
import type { LinkProgress, LinkRequest, Transfer } from "../../src/types/devices.ts";
import type { PublicId } from "../../src/types/primitives.ts";
import { type Box, type Crowd, createCrowd } from "../support/deviceCrowd.ts";
import { sendText } from "../support/say.ts";

let crowd: Crowd;
afterEach(() => crowd.close());

const boxOf = (request: LinkRequest): Box =>
  crowd.boxes.get(toHex(parseLinkAsk(request.text, Date.now()).mailbox) as PublicId) as Box;

/** A transfer of several frames that stands still after the first one. */
async function halfway() {
  crowd = createCrowd();
  const [ann, bob] = [await crowd.open(1), await crowd.open(2)];
  const id = await crowd.befriend(ann, bob);
  for (let n = 1; n <= 30; n++) await sendText(ann.session.core, id, `${n} ${"x".repeat(12_000)}`);
  const told: Transfer[] = [];
  ann.session.core.events.on("transfer", (transfer) => told.push(transfer));
  const blank = await crowd.openBlank();
  const request = await blank.devices.link();
  request.done.catch(() => undefined);
  expect([...blank.devices.transfers(), ...ann.devices.transfers()]).toEqual([]);
  const sent = (await ann.devices.approve(request.text)).send();
  sent.catch(() => undefined);
  const box = boxOf(request);
  box.limit = 1;
  await crowd.until("the first frame", () => blank.device() !== undefined && box.seen.length >= 4);
  return { ann, blank, id, request, box, told };
}

test("both sides see a transfer and how far it is, and that it is over", async () => {
  const { ann, blank, id, box, told } = await halfway();
  const [coming, going] = [blank.devices.transfers()[0] as Transfer, ann.devices.transfers()[0] as Transfer];
  expect([coming.direction, going.direction]).toEqual(["in", "out"]);
  expect(told).toEqual([going]);
  expect(coming.progress()).toMatchObject({ total: 30 });
  // What was sent and has not arrived is not over.
  expect(going.progress()).toEqual(coming.progress());
  expect(going.progress().done).toBeLessThan(30);
  const steps: LinkProgress[] = [];
  coming.onProgress((step) => steps.push(step));
  delete box.limit;
  await crowd.until("the end", () => [...blank.devices.transfers(), ...ann.devices.transfers()].length === 0);
  await Promise.all([coming.done, going.done]);
  expect(steps.at(-1)).toEqual({ done: 30, total: 30 });
  expect(coming.progress()).toEqual(going.progress());
  expect(await blank.device()?.texts(id)).toEqual(await ann.texts(id));
});

test("a transfer that goes on after a restart of the old device is seen there, and can be cancelled from it", async () => {
  const { ann, blank, box, request } = await halfway();
  await ann.close();
  const again = await crowd.open(1, { store: ann.store });
  await crowd.until("it to go on", () => again.devices.transfers().length === 1);
  const going = again.devices.transfers()[0] as Transfer;
  expect(going.progress()).toMatchObject({ total: 30 });
  const over = going.done.catch((error) => error.code);
  await going.cancel();
  delete box.limit;
  await crowd.until("the new device to hear of it", () => blank.devices.transfers().length === 0);
  await expect(request.done).rejects.toMatchObject({ code: "LINK_CANCELLED" });
  expect(await over).toBe("LINK_CANCELLED");
  expect(again.devices.transfers()).toEqual([]);
});
