import { readFileSync } from "node:fs";
import type { Hex } from "viem";
import { filmCode, launchSeeing } from "./support/camera.ts";
import {
  checkCode,
  chooseFor,
  deviceLine,
  enterText,
  handOver,
  link,
  openApproval,
  shownText,
  showText,
} from "./support/devices.ts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, enterCode, hears, join, newPerson, openConversation, say, walkToCode } from "./support/people.ts";
import { sentence } from "./support/words.ts";

/** Commits travel through the relays and are ordered there. */
const settled = { timeout: 40_000 };

test("a second browser: linked by text, has the history, is named, removed, and says so", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  const second = await person({ pseudonym: lin.pseudonym, wallet: false });
  await join(lin);
  await join(wei);
  await befriend(lin, wei);
  for (const text of ["One", "Two", "Three"]) await say(lin, text);
  await say(wei, "Four");
  await hears(lin, "Four");

  await test.step("a text that is none, and digits that differ, lead nowhere", async () => {
    const text = await showText(second);
    await openApproval(lin);
    await lin.page.getByLabel("Text of the new device").fill("not a code");
    await lin.page.getByRole("button", { name: "Continue" }).click();
    await expect(lin.page.getByText(/This is not the code of a new device/)).toBeVisible();
    await enterText(lin, text);
    await lin.page.getByRole("button", { name: "They differ" }).click();
    await expect(lin.page.getByText(/Nothing has left this device/)).toBeVisible();
  });

  await test.step("linked: contacts and history are there, and both talk", async () => {
    await link(lin, second);
    await openConversation(second, wei);
    for (const text of ["One", "Two", "Three", "Four"]) await hears(second, text);
    await say(second, "From the second");
    await hears(wei, "From the second");
    await lin.page.goto("/chats/");
    await openConversation(lin, wei);
    await hears(lin, "From the second");
    await say(wei, "To both");
    await hears(lin, "To both");
    await hears(second, "To both");
  });

  await test.step("both are in the list, and a new name reaches the other one", async () => {
    await lin.page.goto("/me/");
    await expect(deviceLine(lin, "This device")).toBeVisible();
    await chooseFor(lin, "last seen", "Rename");
    await lin.page.getByLabel("Name", { exact: true }).fill("Kitchen table");
    await lin.page.getByRole("button", { name: "Save" }).click();
    await expect(deviceLine(lin, "Kitchen table")).toBeVisible();
    await second.page.goto("/me/");
    await expect(deviceLine(second, "Kitchen table")).toContainText("This device");
    await second.page.goto("/chats/");
    await openConversation(second, wei);
  });

  await test.step("removed: it says so and keeps what it had; the others go on without it", async () => {
    await chooseFor(lin, "Kitchen table", "Remove");
    await expect(lin.page.getByText(/From then on it reads nothing new/)).toBeVisible();
    await lin.page.getByRole("button", { name: "Remove device" }).click();
    await expect(deviceLine(lin, "Kitchen table")).toBeHidden(settled);
    await expect(second.page.getByText("This device was removed from your identity.")).toBeVisible(settled);
    await expect(second.page.getByLabel("Message", { exact: true })).toBeHidden();
    await hears(second, "To both");
    await lin.page.goto("/chats/");
    await openConversation(lin, wei);
    await say(lin, "Only the two of us");
    await hears(wei, "Only the two of us");
    await second.page.reload();
    await expect(second.page.getByText("This device was removed from your identity.")).toBeVisible(settled);
    await expect(second.page.getByText("Only the two of us")).toHaveCount(0);
  });

  await test.step("it signs out, and can be linked again", async () => {
    await second.page.getByRole("button", { name: "Sign out here" }).click();
    await second.page.getByRole("button", { name: "Erase and sign out" }).click();
    await expect(second.page.getByRole("button", { name: "Get started" })).toBeVisible();
    await link(lin, second);
    await openConversation(second, wei);
    await hears(second, "Only the two of us");
  });

  await test.step("lost: the wallet confirms that it goes, and nothing else is asked for", async () => {
    await lin.page.goto("/me/");
    await chooseFor(lin, "last seen", "Remove");
    await lin.page.getByRole("switch", { name: "It is lost or stolen" }).click();
    await lin.page.getByRole("button", { name: "Continue" }).click();
    await lin.page.getByRole("button", { name: `Connect ${lin.wallet?.name}` }).click();
    await expect(lin.page.getByRole("dialog")).toBeHidden(settled);
    await expect(deviceLine(lin, "last seen")).toBeHidden();
    await expect(second.page.getByText("This device was removed from your identity.")).toBeVisible(settled);
  });
});

test("somebody who came back with wallet and code gets their conversations from the first browser, by camera", async ({
  person,
  network,
  launchOptions,
}) => {
  const film = test.info().outputPath("camera.y4m");
  filmCode(film, "nothing yet");
  const browser = await launchSeeing(film, launchOptions);
  try {
    const lin = await newPerson(browser, network.url, { pseudonym: uniqueName("lin") });
    const wei = await person({ pseudonym: uniqueName("wei") });
    await join(lin);
    await join(wei);
    await befriend(lin, wei);
    await say(wei, "Before");
    await hears(lin, "Before");
    const second = await person({ pseudonym: lin.pseudonym, wallet: { privateKey: lin.wallet?.privateKey as Hex } });
    await walkToCode(second);
    await enterCode(second);
    await second.page.getByRole("button", { name: "From my other device" }).click({ timeout: 60_000 });
    const text = await shownText(second);

    await test.step("nobody answers a code any more that was taken back; a used one is refused", async () => {
      await second.page.getByRole("button", { name: "Back" }).click();
      // As the camera of the system opens it.
      await lin.page.goto(text);
      await expect(checkCode(lin)).toBeVisible();
      expect(lin.page.url()).not.toContain("#");
      await lin.page.getByRole("button", { name: "They match, hand over" }).click();
      await expect(lin.page.getByRole("heading", { name: "Handing over" })).toBeVisible();
      await lin.page.getByRole("button", { name: "Stop the transfer" }).click();
      await expect(lin.page.getByText(sentence("LINK_CANCELLED"))).toBeVisible();
      await lin.page.getByLabel("Text of the new device").fill(text);
      await lin.page.getByRole("button", { name: "Continue" }).click();
      await expect(lin.page.getByText(sentence("LINK_USED"))).toBeVisible();
    });

    await test.step("a new code, scanned, brings everything", async () => {
      await second.page.getByRole("button", { name: "Bring my conversations here" }).click();
      const again = await shownText(second);
      expect(again).not.toBe(text);
      filmCode(film, again);
      await lin.page.getByRole("button", { name: "Scan a code" }).click();
      await handOver(lin, second);
      await second.page.getByRole("button", { name: "Open Skrumble" }).click();
      await openConversation(second, wei);
      await hears(second, "Before");
    });
    expect(lin.problems).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("a history in a file: saved, and brought back on a browser that has none; other files are refused", async ({
  person,
}) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await join(lin);
  await join(wei);
  await befriend(lin, wei);
  await say(wei, "Before");
  await hears(lin, "Before");
  const file = test.info().outputPath("kept.history");
  await lin.page.goto("/me/");
  const download = lin.page.waitForEvent("download");
  await lin.page.getByRole("button", { name: "Save to a file" }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^skrumble-.+-\d{4}-\d\d-\d\d\.history$/);
  await saved.saveAs(file);
  await expect(lin.page.getByText(/^Saved, /)).toBeVisible();
  expect(readFileSync(file).includes("Before")).toBe(false);

  await test.step("not for somebody else, and no other file", async () => {
    await wei.page.goto("/me/");
    const choose = wei.page.getByLabel("Bring back from a file");
    await choose.setInputFiles(file);
    await expect(wei.page.getByText(sentence("HISTORY_NOT_YOURS"))).toBeVisible();
    await choose.setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await expect(wei.page.getByText(sentence("HISTORY_INVALID"))).toBeVisible();
  });

  await test.step("erased, joined again, and back", async () => {
    await lin.page.getByRole("button", { name: "Sign out of this device" }).click();
    await lin.page.getByRole("button", { name: "Erase and sign out" }).click();
    await expect(lin.page.getByRole("button", { name: "Get started" })).toBeVisible();
    await join(lin);
    await lin.page.goto("/me/");
    await lin.page.getByLabel("Bring back from a file").setInputFiles(file);
    await expect(lin.page.getByText(/came back\.$/)).toBeVisible();
    await lin.page.getByLabel("Bring back from a file").setInputFiles(file);
    await expect(lin.page.getByText("Everything in this file is here already.")).toBeVisible();
    await lin.page.goto("/chats/");
    await openConversation(lin, wei);
    await hears(lin, "Before");
  });

  await test.step("and is let into the conversation again, though the erased device is still in the list", async () => {
    await openConversation(wei, lin);
    const after = wei.page.getByRole("log").getByText("After", { exact: true }).first();
    await expect(async () => {
      await lin.page.getByLabel("Message", { exact: true }).fill("After");
      await lin.page.keyboard.press("Enter");
      await expect(after).toBeVisible({ timeout: 4000 });
    }).toPass(settled);
  });
});
