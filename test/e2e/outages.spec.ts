import { expect, test } from "./support/fixtures.ts";
import { expectMovingPicture } from "./support/media.ts";
import { openNetwork } from "./support/network.ts";
import { befriend, hears, join, newPerson, type Person, say } from "./support/people.ts";
import { outage, sentence } from "./support/words.ts";

async function withPair(
  browser: import("@playwright/test").Browser,
  run: (network: Awaited<ReturnType<typeof openNetwork>>, lin: Person, wei: Person) => Promise<void>,
) {
  const network = await openNetwork();
  const people: Person[] = [];
  try {
    for (const pseudonym of ["outage-lin", "outage-wei"]) {
      people.push(await newPerson(browser, network.url, { pseudonym, allowed: outage }));
    }
    await Promise.all(people.map((person) => join(person)));
    const [lin, wei] = people as [Person, Person];
    await befriend(lin, wei);
    await run(network, lin, wei);
    expect(people.flatMap(({ problems }) => problems)).toEqual([]);
  } finally {
    for (const { context } of people) await context.close();
    await network.stop();
  }
}

test("one relay, then two of three die during a chat and nothing is lost", async ({ browser }) => {
  await withPair(browser, async (network, lin, wei) => {
    const [, second, third] = network.relays;
    await say(lin, "All three relays");
    await hears(wei, "All three relays");
    await third?.halt("SIGKILL");
    await say(lin, "Two are left");
    await hears(wei, "Two are left");
    await second?.halt("SIGKILL");
    await say(wei, "One is enough");
    await hears(lin, "One is enough");
    await second?.resume();
    await third?.resume();
    await say(lin, "And everybody is back");
    await hears(wei, "And everybody is back");
  });
});

test("a relay dies during the set-up of a call and the call connects", async ({ browser }) => {
  await withPair(browser, async (network, lin, wei) => {
    await lin.page.getByRole("button", { name: "Video call" }).click();
    await expect(wei.page.getByRole("button", { name: "Answer", exact: true })).toBeVisible();
    await network.relays[2]?.halt("SIGKILL");
    await wei.page.getByRole("button", { name: "Answer", exact: true }).click();
    await expectMovingPicture(lin.page, `Video of ${wei.pseudonym}`);
    await expectMovingPicture(wei.page, `Video of ${lin.pseudonym}`);
    await wei.page.getByRole("button", { name: "Hang up" }).click();
  });
});

test("the chain stands still for 30 seconds: chat and call go on, the certificate follows", async ({ browser }) => {
  await withPair(browser, async (network, lin, wei) => {
    await network.chain.halt();
    await say(lin, "The chain sleeps, we talk");
    await hears(wei, "The chain sleeps, we talk");
    await lin.page.getByRole("button", { name: "Video call" }).click();
    await wei.page.getByRole("button", { name: "Answer", exact: true }).click();
    await expectMovingPicture(lin.page, `Video of ${wei.pseudonym}`);
    await lin.page.waitForTimeout(30_000);
    const certificate = lin.page.getByTestId("call-certificate");
    await expect(certificate).not.toHaveAttribute("data-state", "certified");
    await network.chain.resume();
    await expect(certificate).toHaveAttribute("data-state", "certified", { timeout: 60_000 });
    await lin.page.getByRole("button", { name: "Hang up" }).click();
  });
});

test("without a camera a video call goes on with sound and says why", async ({ person }) => {
  const lin = await person({ pseudonym: `camera-lin-${process.pid}`, permissions: ["microphone"] });
  const wei = await person({ pseudonym: `camera-wei-${process.pid}` });
  await lin.context.addInitScript(() => {
    const media = navigator.mediaDevices;
    const real = media.getUserMedia.bind(media);
    // Chromium's fake devices always say yes; a person who says no looks like this to a page.
    media.getUserMedia = async (constraints) => {
      if (constraints?.video) throw new DOMException("Permission denied", "NotAllowedError");
      return real(constraints);
    };
  });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  await lin.page.getByRole("button", { name: "Video call" }).click();
  await expect(lin.page.getByText(sentence("CAMERA_DENIED"))).toBeVisible();
  await wei.page.getByRole("button", { name: "Answer", exact: true }).click();
  await expectMovingPicture(lin.page, `Video of ${wei.pseudonym}`);
  await lin.page.getByRole("button", { name: "Hang up" }).click();
});
