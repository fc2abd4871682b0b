import { expect, test } from "./support/fixtures.ts";
import { type E2eNetwork, openNetwork } from "./support/network.ts";
import { befriend, hears, join, newPerson, type Person, say } from "./support/people.ts";
import { outage, sentence } from "./support/words.ts";

const line = ({ page }: Person) => page.getByRole("status").filter({ hasText: "No connection" });

/** Opens the app anew, which only what this device keeps can answer. */
async function expectWhatIsKnown(lin: Person, wei: Person, kept: string, write: string) {
  await lin.page.reload();
  await expect(lin.page.getByRole("log").getByText(kept, { exact: true })).toBeVisible();
  await expect(line(lin)).toBeVisible();
  await say(lin, write);
  await expect(lin.page.getByRole("log").getByRole("img", { name: "Sending" })).toBeVisible();
  await lin.page.goto("/me/");
  await expect(lin.page.getByTestId("public-id")).toBeVisible();
  await lin.page.goto("/add/");
  const field = lin.page.getByLabel("Pseudonym or link", { exact: true });
  await field.fill(wei.pseudonym);
  await lin.page.keyboard.press("Enter");
  await expect(lin.page.getByText(sentence("CHAIN_UNREACHABLE"))).toBeVisible();
  await expect(field).toHaveValue(wei.pseudonym);
  await lin.page.goto("/calls/");
  await expect(lin.page.getByRole("heading", { name: "Calls" })).toBeVisible();
  await lin.page.goto("/chats/");
  await lin.page.getByRole("list", { name: "Conversations" }).getByRole("link").click();
}

test("without connection the app opens, shows what is known, says so, and sends later", async ({ browser }) => {
  const network: E2eNetwork = await openNetwork();
  const people: Person[] = [];
  try {
    for (const pseudonym of ["offline-lin", "offline-wei"]) {
      people.push(await newPerson(browser, network.url, { pseudonym, allowed: outage }));
    }
    await Promise.all(people.map((person) => join(person)));
    const [lin, wei] = people as [Person, Person];
    await befriend(lin, wei);
    await say(lin, "While all is well");
    await hears(wei, "While all is well");
    // From now on the service worker can answer for the relay that the page came from.
    await lin.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await expect(lin.page.getByText("No connection")).toBeHidden();

    await test.step("all relays are away", async () => {
      for (const relay of network.relays) await relay.halt("SIGKILL");
      await expectWhatIsKnown(lin, wei, "While all is well", "Written without relays");
      for (const relay of network.relays) await relay.resume();
      await hears(wei, "Written without relays");
      await expect(line(lin)).toBeHidden({ timeout: 60_000 });
    });

    await test.step("this device is offline", async () => {
      await lin.context.setOffline(true);
      await expectWhatIsKnown(lin, wei, "Written without relays", "Written on the train");
      await lin.context.setOffline(false);
      await hears(wei, "Written on the train");
      await expect(line(lin)).toBeHidden({ timeout: 60_000 });
    });
    expect(people.flatMap(({ problems }) => problems)).toEqual([]);
  } finally {
    for (const { context } of people) await context.close();
    await network.stop();
  }
});
