import { expect, test, uniqueName } from "./support/fixtures.ts";
import { befriend, hears, join, type Person, say } from "./support/people.ts";
import { throwOut } from "./support/registry.ts";
import { expectUsable } from "./support/usable.ts";
import { sentence } from "./support/words.ts";

const keyOf = ({ wallet }: Person) => {
  if (!wallet) throw new Error("This person has no wallet.");
  return wallet.privateKey;
};
const conversations = ({ page }: Person) => page.getByRole("list", { name: "Conversations" });

test("changed keys cannot be missed, and a fresh session is the way out", async ({ person, network }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  await say(lin, "Before the loss");
  await hears(wei, "Before the loss");

  await throwOut(network, "devices", keyOf(wei));
  await lin.page.reload();
  const notice = lin.page.getByRole("alert").filter({ hasText: `${wei.pseudonym}'s keys have changed` });
  await expect(notice).toBeVisible();
  await expect(conversations(lin)).toContainText("Keys have changed");
  await expect(lin.page.getByRole("button", { name: "Audio call" }).first()).toBeDisabled();
  await expectUsable(lin.page, "changed keys");
  await lin.page.setViewportSize({ width: 360, height: 740 });
  await expectUsable(lin.page, "changed keys on a phone");
  await lin.page.setViewportSize({ width: 1280, height: 800 });
  const composer = lin.page.getByLabel("Message", { exact: true });
  await composer.fill("To whom?");
  await lin.page.keyboard.press("Enter");
  await expect(lin.page.getByText(sentence("IDENTITY_CHANGED"))).toBeVisible();
  await expect(composer).toHaveValue("To whom?");
  await notice.getByRole("button", { name: "Safety number" }).click();
  await expect(lin.page.getByTestId("safety-number")).toBeVisible();
  await expect(lin.page.getByRole("dialog").getByRole("alert")).toContainText("keys have changed");
  await lin.page.keyboard.press("Escape");

  const again = await person({ pseudonym: wei.pseudonym, wallet: { privateKey: keyOf(wei) } });
  await join(again);
  await notice.getByRole("button", { name: "Start a fresh session" }).click();
  await expect(notice.getByText(/Asked for/)).toBeVisible();
  await again.page.getByRole("button", { name: "Accept" }).click();
  await expect(notice).toBeHidden();
  await say(lin, "After the loss");
  await hears(again, "After the loss");
});

test("a withdrawn identity says so and asks for a new link", async ({ person, network }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  await throwOut(network, "identity", keyOf(wei));
  await lin.page.reload();
  const notice = lin.page.getByRole("alert").filter({ hasText: `${wei.pseudonym} has withdrawn this identity` });
  await expect(notice).toBeVisible();
  await expect(conversations(lin)).toContainText("Identity withdrawn");
  await expect(notice.getByRole("button", { name: "Start a fresh session" })).toBeHidden();
  await notice.getByRole("link", { name: "Enter a new link" }).click();
  await expect(lin.page.getByLabel("Pseudonym or link", { exact: true })).toBeVisible();
});

test("two people who talk can take fresh keys at any time", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  await say(lin, "With the first keys");
  await hears(wei, "With the first keys");
  await lin.page.getByRole("button", { name: /Who can read this/ }).click();
  const sheet = lin.page.getByRole("dialog");
  await sheet.getByRole("button", { name: "It is the same" }).click();
  await expect(sheet.getByText(`${wei.pseudonym} is verified`)).toBeVisible();
  await sheet.getByRole("button", { name: "Start a fresh session" }).click();
  await expect(sheet.getByText(/Asked for/)).toBeVisible();
  // Their client answers by itself; then the offer stands again, and the certificate is one of the new session.
  await expect(sheet.getByRole("button", { name: "Start a fresh session" })).toBeVisible();
  await lin.page.keyboard.press("Escape");
  await say(lin, "With the second keys");
  await hears(wei, "With the second keys");
  await say(wei, "And the first words are still here");
  await hears(lin, "And the first words are still here");
  await hears(lin, "With the first keys");
});
