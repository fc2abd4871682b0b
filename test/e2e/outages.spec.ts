import { directLines, hideAddress, watchConnections } from "./support/direct.ts";
import { expect, test } from "./support/fixtures.ts";
import { expectMovingPicture } from "./support/media.ts";
import { openNetwork } from "./support/network.ts";
import { befriend, hears, join, newPerson, openConversation, type Person, say } from "./support/people.ts";
import { outage, sentence } from "./support/words.ts";

type Network = Awaited<ReturnType<typeof openNetwork>>;

async function withPair(
  browser: import("@playwright/test").Browser,
  run: (network: Network, lin: Person, wei: Person) => Promise<void>,
  prepare: (person: Person) => Promise<void> = async () => {},
) {
  const network = await openNetwork();
  const people: Person[] = [];
  try {
    for (const pseudonym of ["outage-lin", "outage-wei"]) {
      people.push(await newPerson(browser, network.url, { pseudonym, allowed: outage }));
    }
    for (const person of people) await prepare(person);
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
  const chat = async (network: Network, lin: Person, wei: Person) => {
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
  };
  // Nothing goes around the relays.
  await withPair(browser, chat, hideAddress);
});

test("all relays die while two are talking: they go on over their direct line", async ({ browser }) => {
  const chat = async (network: Network, lin: Person, wei: Person) => {
    await say(lin, "Are you there?");
    await hears(wei, "Are you there?");
    await say(wei, "Yes.");
    await hears(lin, "Yes.");
    for (const { page } of [lin, wei]) await expect.poll(() => directLines(page)).toBe(1);
    for (const relay of network.relays) await relay.halt("SIGKILL");
    await say(lin, "The relays are gone.");
    await hears(wei, "The relays are gone.");
    await say(wei, "So what.");
    await hears(lin, "So what.");
    for (const relay of network.relays) await relay.resume();
    // Whoever closes the page is reached by relay afterwards, without a gap.
    await wei.page.goto("about:blank");
    await say(lin, "Until later.");
    await wei.page.goto(network.url);
    await openConversation(wei, lin);
    await hears(wei, "Until later.");
    await expect(wei.page.getByRole("log").getByText("The relays are gone.")).toHaveCount(1);
  };
  await withPair(browser, chat, watchConnections);
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
