import { execFile } from "node:child_process";
import { join as joinPath } from "node:path";
import { promisify } from "node:util";
import { createPublicClient, erc20Abi, type Hex, http, parseEther } from "viem";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { makeGroup, openGroup } from "./support/groups.ts";
import { attach, confirm, giveSkm, walletOf } from "./support/money.ts";
import type { E2eNetwork } from "./support/network.ts";
import { befriend, goIn, join, type Person } from "./support/people.ts";

// As a production chain is on a bad day: nothing of what follows may need a node that works.
test.use({ nodes: "failing" });

/** Three browsers share the cores with a chain and three relays. */
const soon = { timeout: 60_000 };
const group = "The case";
const run = promisify(execFile);
const verifier = joinPath(import.meta.dirname, "..", "..", "examples", "verify", "verify.ts");

const skmOf = ({ chain, deployment }: E2eNetwork, owner: Hex): Promise<bigint> =>
  createPublicClient({ transport: http(chain.rpcUrl) }).readContract({
    ...{ address: deployment.contracts.skm, abi: erc20Abi, functionName: "balanceOf", args: [owner] },
  });

/** What opens the sheet: a card, or the line of a step. */
const opens =
  /^(Open|Read and sign)$| signed version| in force$| paid (in|out) | handed in: | sent back: | asked the arbiter: | decided, /;

/** The sheet of the agreement, opened from the newest message about it: older ones may be scrolled away. */
async function openIt({ page }: Person, tab: "Text" | "Changes" | "Signatures" | "Milestones") {
  await page.getByRole("log").getByRole("button", { name: opens }).last().click(soon);
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("tab", { name: tab }).click();
  return sheet;
}

async function close({ page }: Person) {
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
}

async function sign(person: Person) {
  const sheet = await openIt(person, "Text");
  await sheet.getByRole("button", { name: "Sign", exact: true }).click();
  await confirm(person, "Sign this text");
  await expect(sheet.getByRole("button", { name: "Decline" }).or(sheet.getByText(/^In force\./))).toBeVisible(soon);
  await close(person);
}

/** Does one thing with a milestone out of the sheet. */
async function act(person: Person, action: string, milestone: string, what: { text?: string; amount?: string } = {}) {
  const sheet = await openIt(person, "Milestones");
  await sheet.getByRole("button", { name: `${action}: ${milestone}` }).click(soon);
  if (what.text) await sheet.getByRole("textbox").fill(what.text);
  if (what.amount) await sheet.getByRole("textbox").fill(what.amount);
  await confirm(person, action);
  await expect(sheet.getByRole("tab", { name: "Milestones" })).toBeVisible(soon);
  await close(person);
}

test("a lawyer and a client agree, one milestone is accepted, the other goes to the arbiter; the money adds up", async ({
  person,
  network,
}) => {
  test.setTimeout(390_000);
  const client = await person({ pseudonym: uniqueName("client") });
  const lawyer = await person({ pseudonym: uniqueName("lawyer") });
  const arbiter = await person({ pseudonym: uniqueName("arbiter") });
  const all = [client, lawyer, arbiter];
  for (const one of all) await join(one);
  const wallets = { client: await walletOf(client), lawyer: await walletOf(lawyer) };
  await giveSkm(network, wallets.client, "100");
  for (const other of [lawyer, arbiter]) {
    await befriend(client, other);
    await client.page.goto("/chats/");
  }
  await makeGroup(client, group, [lawyer, arbiter]);
  for (const one of [lawyer, arbiter]) await openGroup(one, group);

  await test.step("the client writes it, closes the tab in between, and finds it as it was", async () => {
    const { page } = client;
    await attach(page, "Agreement");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Service agreement/ }).click();
    await dialog.getByRole("radio", { name: lawyer.pseudonym }).press("Space");
    await dialog.getByLabel("What is to be done").fill("The lawsuit about the fence.");
    await page.reload();
    await goIn(client);
    await openGroup(client, group);
    await attach(page, "Agreement");
    await expect(dialog.getByLabel("What is to be done")).toHaveValue("The lawsuit about the fence.");
    await dialog.getByLabel("Fees of courts and offices").selectOption("included");
    await dialog.getByLabel("What it is for").fill("Statement of claim");
    await dialog.getByLabel("Amount").fill("10");
    await dialog.getByRole("button", { name: "Add a milestone" }).click();
    await dialog.getByLabel("What it is for").last().fill("Hearing");
    await dialog.getByLabel("Amount").last().fill("20");
    await dialog.getByLabel("Arbiter (optional)").fill(arbiter.pseudonym);
    await dialog.getByLabel("Nothing is handed in by its date").selectOption("refund");
    await dialog.getByLabel("No word on what was handed in").selectOption("release");
    await dialog.getByLabel("No word after a rejection").selectOption("arbiter");
    await dialog.getByRole("button", { name: "Read it" }).click();
    await expect(dialog.getByText(`Client: ${client.pseudonym}`)).toBeVisible(soon);
    await dialog.getByRole("button", { name: "Propose" }).click();
    await expect(dialog).toBeHidden(soon);
  });

  await test.step("the lawyer asks for more; the client sees what changed", async () => {
    const sheet = await openIt(lawyer, "Text");
    await sheet.getByRole("button", { name: "Change" }).click();
    await sheet.getByLabel("Amount").last().fill("30");
    await sheet.getByRole("button", { name: "Read it" }).click();
    await expect(sheet.locator("ins").filter({ hasText: "30 SKM" })).toBeVisible(soon);
    await sheet.getByRole("button", { name: "Propose the change" }).click();
    await expect(lawyer.page.getByText("1 thing", { exact: false })).toBeVisible(soon);
    const theirs = lawyer.page.getByRole("dialog");
    if (await theirs.isVisible()) await close(lawyer);
    await expect(client.page.getByText(`${lawyer.pseudonym} changed 1 thing.`)).toBeVisible(soon);
    const changes = await openIt(client, "Changes");
    await expect(changes.locator("del").filter({ hasText: "20 SKM" })).toBeVisible();
    await expect(changes.locator("ins").filter({ hasText: "30 SKM" })).toBeVisible();
    await close(client);
  });

  await test.step("both sign; the last one's page records it", async () => {
    await sign(client);
    await sign(lawyer);
    for (const { page } of all) await expect(page.getByText("In force").last()).toBeVisible(soon);
  });

  await test.step("on paper it has text and proof; the file proves it to anybody, with one command", async () => {
    const { page } = lawyer;
    await page.evaluate(() => {
      window.print = () => undefined;
    });
    const sheet = await openIt(lawyer, "Text");
    await sheet.getByRole("button", { name: "Print or save as PDF" }).click();
    await expect(page.locator(".print-paper")).toContainText("The lawsuit about the fence.");
    await expect(page.locator(".print-paper")).toContainText("All parties signed exactly this text.");
    await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
    await expect(page.locator(".print-paper")).toHaveCount(0);
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      sheet.getByRole("button", { name: "Save the proof" }).click(),
    ]);
    // All of them: one has a node that lies.
    const relays = network.relays.map(({ url }) => url);
    const { stdout } = await run(process.execPath, [verifier, await saved.path(), ...relays]);
    expect(stdout).toContain("The lawsuit about the fence.");
    expect(stdout).toContain("Signed by all parties.");
    await close(lawyer);
  });

  const before = await skmOf(network, wallets.client);
  const had = await skmOf(network, wallets.lawyer);

  await test.step("the client pays in, with one prompt", async () => {
    const sheet = await openIt(client, "Milestones");
    await sheet.getByRole("button", { name: "Pay in all, 40 SKM" }).click(soon);
    const asked = client.wallet?.requests.filter((method) => method === "eth_signTypedData_v4").length ?? 0;
    await confirm(client, "Pay in 40 SKM");
    await expect(sheet.getByText("Paid in", { exact: true })).toHaveCount(2, soon);
    const now = client.wallet?.requests.filter((method) => method === "eth_signTypedData_v4").length ?? 0;
    expect(now - asked).toBe(1);
    await close(client);
  });

  await test.step("one milestone is handed in and accepted", async () => {
    await act(lawyer, "Hand in", "Statement of claim", { text: "Filed on Monday." });
    await expect(client.page.getByText("Filed on Monday.")).toBeVisible(soon);
    await act(client, "Accept and pay", "Statement of claim");
  });

  await test.step("the other is sent back, disputed and decided by the arbiter", async () => {
    await act(lawyer, "Hand in", "Hearing", { text: "It took place." });
    await expect(client.page.getByText("It took place.")).toBeVisible(soon);
    await act(client, "Send back", "Hearing", { text: "It was postponed." });
    await expect(lawyer.page.getByText("It was postponed.")).toBeVisible(soon);
    await act(lawyer, "Ask the arbiter", "Hearing", { text: "I was there for a day." });
    await expect(arbiter.page.getByText("I was there for a day.")).toBeVisible(soon);
    await act(arbiter, "Decide", "Hearing", { amount: "12.5" });
  });

  for (const one of all) {
    const sheet = await openIt(one, "Milestones");
    await expect(sheet.getByText("Finished", { exact: true })).toBeVisible(soon);
    await close(one);
  }
  expect((await skmOf(network, wallets.lawyer)) - had).toBe(parseEther("22.5"));
  expect(before - (await skmOf(network, wallets.client))).toBe(parseEther("22.5"));
});
