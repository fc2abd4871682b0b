import type { LaunchOptions } from "@playwright/test";
import { filmCode, launchSeeing } from "./support/camera.ts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { join, linkOf, newPerson, openConversation } from "./support/people.ts";
import { sentence } from "./support/words.ts";

/** A browser whose camera sees a code. */
async function seeing(text: string, launchOptions: LaunchOptions) {
  const film = test.info().outputPath("camera.y4m");
  filmCode(film, text);
  return launchSeeing(film, launchOptions);
}

test("a code on somebody's screen is scanned by camera and leads to them", async ({
  person,
  network,
  launchOptions,
}) => {
  const wei = await person({ pseudonym: uniqueName("wei") });
  await join(wei);
  const browser = await seeing(await linkOf(wei), launchOptions);
  try {
    const lin = await newPerson(browser, network.url, { pseudonym: uniqueName("lin") });
    await join(lin);
    await lin.page.getByRole("button", { name: "Add contact" }).first().click();
    await lin.page.getByRole("button", { name: "Scan a code" }).click();
    await lin.page.getByRole("button", { name: "Send request" }).click();
    await wei.page.getByRole("button", { name: "Accept" }).click();
    await openConversation(lin, wei);
    expect(lin.problems).toEqual([]);
  } finally {
    await browser.close();
  }
});

test("a code of something else is refused with a sentence, and the camera can be tried again", async ({
  network,
  launchOptions,
}) => {
  const browser = await seeing("https://example.org/menu", launchOptions);
  try {
    const lin = await newPerson(browser, network.url, { pseudonym: uniqueName("lin") });
    await join(lin);
    await lin.page.getByRole("button", { name: "Add contact" }).first().click();
    await lin.page.getByRole("button", { name: "Scan a code" }).click();
    await expect(lin.page.getByText(sentence("LINK_INVALID"))).toBeVisible();
    await expect(lin.page.getByRole("button", { name: "Scan a code" })).toBeEnabled();
    expect(lin.problems).toEqual([]);
  } finally {
    await browser.close();
  }
});
