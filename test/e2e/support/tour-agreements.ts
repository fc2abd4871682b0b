import type { Page } from "@playwright/test";
import type { openAlbum, wordsOf } from "./album.ts";

interface AgreementsTour {
  /** Writes it, pays, with the wallet that was made here. */
  page: Page;
  /** Signs too, in the same conversation, and works. */
  other: Page;
  t: ReturnType<typeof wordsOf>;
  shot: ReturnType<typeof openAlbum>["shot"];
  /** What it is about, and what is done. */
  talk: readonly [string, string, ...string[]];
  language: "en" | "zh-CN";
  /** The last button before a signature of the other person, whose wallet is in the browser. */
  otherConfirms: string;
}

const soon = { timeout: 60_000 };
const titles = { en: "Service agreement", "zh-CN": "服务协议" };
const fields = { en: "What is to be done", "zh-CN": "委托事项" };
const fees = { en: "Fees of courts and offices", "zh-CN": "诉讼费等规费" };

/** An agreement from the empty form to the first milestone handed in, and every screen on the way. */
export async function tourAgreements(tour: AgreementsTour): Promise<void> {
  const { page, other, t, shot, talk, language, otherConfirms } = tour;
  const dialog = (from = page) => from.getByRole("dialog");
  const press = (key: string, from = page) =>
    dialog(from)
      .getByRole("button", { name: t(key), exact: true })
      .click();
  const label = (name: string) => dialog().getByLabel(name, { exact: true });
  const openCard = async (from: Page, key: string) => {
    await from
      .getByRole("button", { name: t(key), exact: true })
      .last()
      .click(soon);
    await dialog(from).waitFor();
  };
  const tab = (key: string, from = page) =>
    dialog(from)
      .getByRole("tab", { name: t(key) })
      .click();
  const closeSheet = (from = page) => press("common.close", from);

  await page.getByRole("button", { name: t("money.attach") }).click();
  await page.getByRole("menuitem", { name: t("money.agreement"), exact: true }).click();
  await dialog().getByRole("button", { name: titles[language] }).waitFor();
  await shot(page, "111-agreement-templates");
  await dialog().getByRole("button", { name: titles[language] }).click();
  await press("agreements.toReview");
  await dialog().getByText(t("agreements.checkThis")).first().waitFor(soon);
  await shot(page, "112-agreement-form");
  await label(fields[language]).fill(talk[0]);
  await label(fees[language]).selectOption("included");
  await label(t("agreements.milestoneTitle")).fill(talk[1]);
  await label(t("agreements.amount")).fill("1200");
  for (const [key, value] of [
    ["onNoSubmission", "refund"],
    ["onNoReview", "release"],
    ["onRejection", "split"],
  ] as const) {
    await label(t(`agreements.rule.${key}`)).selectOption(value);
  }
  await label(t("agreements.shareLabel", { payee: language === "en" ? "Adviser" : "受托人" })).scrollIntoViewIfNeeded();
  await shot(page, "113-agreement-rules");
  await press("agreements.toReview");
  await dialog().getByText(talk[0]).waitFor(soon);
  await shot(page, "114-agreement-text");
  await press("agreements.propose");
  await dialog().waitFor({ state: "hidden", ...soon });
  await other.getByRole("button", { name: t("agreements.readAndSign"), exact: true }).waitFor(soon);
  await shot(other, "115-agreement-card");

  await openCard(other, "agreements.readAndSign");
  await shot(other, "116-agreement-sheet");
  await press("agreements.changeIt", other);
  await dialog(other).getByLabel(t("agreements.amount"), { exact: true }).fill("1500");
  await press("agreements.toReview", other);
  await dialog(other).locator("ins").first().waitFor(soon);
  await shot(other, "117-agreement-change");
  await press("agreements.proposeChange", other);
  await dialog(other).getByRole("tab").first().waitFor(soon);
  await press("agreements.signIt", other);
  await dialog(other).getByRole("button", { name: otherConfirms }).waitFor(soon);
  await shot(other, "118-agreement-sign");
  await dialog(other).getByRole("button", { name: otherConfirms }).click();
  await dialog(other).getByRole("tab").first().waitFor(soon);
  await tab("agreements.tab.signatures", other);
  await dialog(other).getByText(t("agreements.signature.signed"), { exact: true }).waitFor(soon);
  await shot(other, "119-agreement-signatures");
  await closeSheet(other);

  await openCard(page, "agreements.readAndSign");
  await tab("agreements.tab.changes");
  await shot(page, "120-agreement-changes");
  await press("agreements.signIt");
  await press("agreements.sign");
  await dialog().getByText(t("agreements.state.in-force"), { exact: true }).waitFor(soon);
  await tab("agreements.tab.milestones");
  await dialog()
    .getByRole("button", { name: `${t("agreements.act.fund")}: ${talk[1]}` })
    .click();
  await shot(page, "121-agreement-fund");
  await dialog()
    .getByRole("button", { name: t("agreements.confirm.fund", { amount: "1,500 SKM" }) })
    .click();
  await dialog().getByText(t("agreements.milestone.funded"), { exact: true }).waitFor(soon);
  await shot(page, "122-agreement-milestones");
  await tab("agreements.tab.text");
  const [proof] = await Promise.all([page.waitForEvent("download"), press("agreements.saveProof")]);
  await closeSheet();

  await openCard(other, "agreements.openIt");
  await tab("agreements.tab.milestones", other);
  await dialog(other)
    .getByRole("button", { name: t("agreements.act.submit") })
    .click();
  await dialog(other).getByRole("textbox").fill(talk[1]);
  await shot(other, "123-agreement-hand-in");
  await dialog(other).getByRole("button", { name: otherConfirms }).click();
  await dialog(other).getByRole("tab").first().waitFor(soon);
  await closeSheet(other);
  await shot(page, "124-agreement-in-chat");

  await page.getByRole("button", { name: t("money.attach") }).click();
  await page.getByRole("menuitem", { name: t("money.agreement"), exact: true }).click();
  await dialog()
    .getByRole("button", { name: t("agreements.proofs.open") })
    .click(soon);
  await dialog()
    .locator("input[type=file]")
    .setInputFiles(await proof.path());
  await dialog().getByText(t("agreements.proofs.party")).waitFor(soon);
  await shot(page, "125-agreement-proof");
  await closeSheet();
}
