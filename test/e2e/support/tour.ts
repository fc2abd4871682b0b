import type { Browser, Page } from "@playwright/test";
import { type Language, narrow, openAlbum, wide, wordsOf } from "./album.ts";
import { clearTable } from "./damage.ts";
import type { E2eNetwork } from "./network.ts";
import { throwOut } from "./registry.ts";
import { tourAgreements } from "./tour-agreements.ts";
import { tourDevices } from "./tour-devices.ts";
import { tourGroups } from "./tour-groups.ts";
import { tourMoney } from "./tour-money.ts";
import { tourRoom } from "./tour-room.ts";
import { installWallet } from "./wallet.ts";

const people = {
  en: {
    names: ["marlow", "juniper"],
    talk: [
      "Did the paintings arrive?",
      "All seven. The blue one is even better in daylight, and the frame we were not sure about suits it after all.",
    ],
    group: { name: "Tea house", about: "Who brings the cups, and when.", words: "I bring biscuits and the good pot." },
  },
  "zh-CN": {
    names: ["听雨", "阿舟"],
    talk: ["画都到了吗？", "七幅都到了，蓝色那幅白天看更好，当初拿不准的那个画框，配起来其实也很合适。"],
    group: { name: "茶馆", about: "谁带杯子，几点碰头。", words: "我带点心，还有那把好壶。" },
  },
} as const;
const address = "https://example.org/a/very/long/address/without/any/space/that/goes/on/and/on?with=parameters";
const code = "copper lantern seventy-two rivers";

interface TourInput {
  browser: Browser;
  network: E2eNetwork;
  folder: string;
  language: Language;
  theme: "light" | "dark";
}

/** Two people join, meet, talk, call and lose their keys, and every screen on the way is kept. Gives what was wrong on them. */
export async function tour({ browser, network, folder, language, theme }: TourInput): Promise<string[]> {
  const t = wordsOf(language);
  const { talk, group } = people[language];
  // Names are unique on the chain that all tours share.
  const [mine, theirs] = people[language].names.map((name) => (theme === "light" ? name : `${name}-2`)) as [
    string,
    string,
  ];
  const album = openAlbum(folder, `${language}-${theme}`);
  const { shot, glimpse, step } = album;
  const open = () =>
    browser.newContext({
      baseURL: network.url,
      locale: language,
      colorScheme: theme,
      viewport: wide,
      permissions: ["camera", "microphone"],
    });
  const context = await open();
  const others = await open();
  const wallet = await installWallet(others);
  const [page, other] = [await context.newPage(), await others.newPage()];
  const button = (name: string, from = page) => from.getByRole("button", { name, exact: true }).first();
  const field = (from = page) => from.getByLabel(t("conversation.message"), { exact: true });

  await page.goto("/");
  await button(t("welcome.start")).waitFor();
  await shot(page, "01-welcome");
  await button(t("welcome.start")).click();
  await shot(page, "02-wallet");
  await button(t("join.wallet.words")).click();
  await page.getByLabel(t("join.restore.label")).fill("one two three");
  await button(t("join.restore.action")).click();
  await shot(page, "03-restore");
  await button(t("common.back")).click();
  await page.getByRole("button", { name: t("join.wallet.create") }).click();
  await shot(page, "04-words");
  await button(t("join.backup.later")).click();
  await page.getByLabel(t("join.name.label"), { exact: true }).fill("a b");
  await shot(page, "05-name-wrong");
  await name(page, mine);
  await shot(page, "06-name");
  await button(t("common.continue")).click();
  const security = page.getByLabel(t("join.code.label"), { exact: true });
  await shot(page, "07-code-empty");
  await security.fill("short");
  await shot(page, "08-code-weak");
  await security.fill(code);
  await shot(page, "09-code");
  await button(t("join.code.join")).click();
  await page.waitForTimeout(1_200);
  await glimpse(page, "10-progress");
  await chats(page);
  await shot(page, "11-chats-empty");

  await comeIn(other, theirs, { found: "12-wallets-found" });
  const link = await other.getByRole("textbox", { name: t("card.linkLabel") }).inputValue();

  await step(page, "add", async () => {
    await page.setViewportSize(narrow);
    await button(t("chats.myCard")).click();
    await shot(page, "13-card", [narrow]);
    await page.goto("/add/");
    await shot(page, "14-add");
    await page.getByLabel(t("contact.find"), { exact: true }).fill("nobody-at-all");
    await button(t("contact.findAction")).click();
    await page.getByText(t("errors.NAME_NOT_FOUND")).waitFor();
    await shot(page, "15-add-error");
    await button(t("contact.scan")).click();
    await page.waitForTimeout(1_500);
    await shot(page, "16-scanner");
  });
  await page.goto(link);
  await page.getByLabel(t("contact.noteLabel")).fill(talk[0]);
  await shot(page, "17-found");
  await button(t("contact.send")).click();
  await page.getByText(t("contact.waitingTitle", { name: theirs })).waitFor();
  await shot(page, "18-waiting");
  await button(t("chats.accept"), other).waitFor();
  await shot(other, "19-request");
  await button(t("chats.accept"), other).click();
  await field().waitFor();
  await shot(page, "20-conversation-empty");
  await field(other).waitFor();
  for (const [from, to, text] of [
    [page, other, talk[0]],
    [other, page, talk[1]],
    [page, other, address],
  ] as const) {
    await field(from).fill(text);
    await from.keyboard.press("Enter");
    await to.getByRole("log").getByText(text, { exact: true }).waitFor();
  }
  await field().fill(talk.join("\n"));
  await shot(page, "21-conversation");
  await field().fill("");
  await tourRoom({ page, other, t, album, talk });

  await step(page, "money", () =>
    tourMoney({ ...{ network, page, other, t, shot }, words: talk[0], theirWallet: wallet.address }),
  );
  await step(page, "agreements", () =>
    tourAgreements({
      ...{ page, other, t, shot, talk, language },
      otherConfirms: t("walletSheet.confirmWith", { name: wallet.name }),
    }),
  );
  await step(page, "trust", async () => {
    await page.getByRole("button", { name: new RegExp(t("conversation.trust")) }).click();
    await page.getByTestId("safety-number").waitFor();
    await shot(page, "22-trust", [
      { width: 1280, height: 1150 },
      { width: 390, height: 1250 },
    ]);
    await button(t("trust.verify")).click();
    await page.getByText(t("trust.verifiedSince", { name: theirs })).waitFor();
    await button(t("contact.blockTitle", { name: theirs }).replace(/[?？]$/, "")).click();
    await page.getByRole("alertdialog").scrollIntoViewIfNeeded();
    await shot(page, "23-trust-block");
    await page.keyboard.press("Escape");
    await shot(page, "24-verified");
  });
  await step(page, "call", async () => {
    await button(t("conversation.videoCall")).click();
    await button(t("calls.answer"), other).waitFor();
    await shot(page, "25-ringing");
    await shot(other, "26-incoming");
    await button(t("calls.answer"), other).click();
    await page.getByTestId("call-certificate").and(page.locator("[data-state=certified]")).waitFor();
    await page.mouse.move(300, 300);
    await shot(page, "27-call");
    await button(t("calls.devices")).click();
    await shot(page, "28-devices");
    await page.keyboard.press("Escape");
    await button(t("calls.shrink")).click();
    await shot(page, "29-tile");
    await button(t("calls.grow")).click();
    await button(t("calls.hangUp")).click();
    await page.waitForTimeout(300);
    await glimpse(page, "30-ended");
    await button(t("calls.hangUp")).waitFor({ state: "hidden" });
    await shot(page, "31-after-call");
    await page.goto("/calls/");
    await page.getByRole("main").getByRole("listitem").first().waitFor();
    await shot(page, "32-calls");
  });
  await step(page, "groups", () => tourGroups({ page, other, theirs, t, shot, ...group }));
  await step(page, "me", async () => {
    await page.goto("/me/");
    await page.getByTestId("public-id").waitFor();
    await shot(page, "33-me", [
      { width: 1280, height: 2000 },
      { width: 390, height: 2300 },
    ]);
    await button(`${t("me.showWords")}: ${t("me.walletBackup")}`).click();
    await shot(page, "34-me-words");
    await page.keyboard.press("Escape");
    await button(t("me.signOut")).click();
    await shot(page, "35-sign-out");
  });
  await step(page, "devices", async () => {
    const [fresh, returning] = [await open(), await open()];
    await installWallet(returning, { name: wallet.name, privateKey: wallet.privateKey });
    const back = await returning.newPage();
    await tourDevices({
      ...{ page, t, album },
      fresh: await fresh.newPage(),
      returning: { page: back, join: () => comeIn(back, theirs, { returning: true }) },
    });
    await fresh.close();
    await returning.close();
  });
  await step(page, "elsewhere", async () => {
    const second = await context.newPage();
    await second.goto("/nothing-here/");
    await shot(second, "37-not-found");
    await second.close();
    const stranger = await (await open()).newPage();
    await stranger.goto(link);
    await button(t("welcome.start"), stranger).waitFor();
    await shot(stranger, "38-invited");
    await stranger.context().close();
  });
  await step(page, "keys", async () => {
    await throwOut(network, "devices", wallet.privateKey);
    await page.goto("/chats/");
    await page
      .getByRole("list", { name: t("chats.list") })
      .getByRole("link", { name: new RegExp(`^${theirs}`) })
      .click();
    await page
      .getByRole("alert")
      .filter({ hasText: t("trust.changedTitle", { name: theirs }) })
      .waitFor();
    await shot(page, "39-changed-keys");
    await button(t("trust.compare")).click();
    await shot(page, "40-changed-keys-trust");
    await page.keyboard.press("Escape");
    await button(t("trust.renew")).click();
    await page.getByText(t("trust.renewAsked", { name: theirs })).waitFor();
    await shot(page, "41-renewal-asked");
    await page.setViewportSize(narrow);
    await button(t("common.back")).click();
    await shot(page, "42-changed-keys-list", [narrow]);
    await throwOut(network, "identity", wallet.privateKey);
    await page.goto("/chats/");
    await page
      .getByRole("list", { name: t("chats.list") })
      .getByRole("link", { name: new RegExp(`^${theirs}`) })
      .click();
    await page
      .getByRole("alert")
      .filter({ hasText: t("trust.revokedTitle", { name: theirs }) })
      .waitFor();
    await shot(page, "43-withdrawn");
  });
  await step(page, "lock", async () => {
    await page.goto("/me/");
    await page.getByRole("button", { name: t("lock.row") }).click();
    await page.getByLabel(t("lock.code"), { exact: true }).fill(code);
    await page.getByLabel(t("lock.again"), { exact: true }).fill(code);
    await shot(page, "44-lock-sheet");
    await button(t("lock.switchOn")).click();
    await button(t("lock.now")).click();
    await page.getByLabel(t("lock.code"), { exact: true }).fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByText(t("errors.LOCK_CODE_WRONG")).waitFor();
    await shot(page, "45-locked");
    await button(t("lock.forgot")).click();
    await shot(page, "46-forgotten");
    await page.keyboard.press("Escape");
    await page.getByLabel(t("lock.code"), { exact: true }).fill(code);
    await page.keyboard.press("Enter");
    await button(t("lock.now")).waitFor();
    await page.getByRole("button", { name: t("lock.row") }).click();
    await page.getByLabel(t("lock.code"), { exact: true }).fill(code);
    await button(t("lock.switchOff")).click();
    await page.getByText(t("lock.isOff")).waitFor();
  });
  await step(page, "offline", async () => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.reload();
    await page.getByText(t("line.offline")).waitFor();
    await shot(page, "47-offline");
  });
  await step(page, "damaged", async () => {
    await context.setOffline(false);
    await page.evaluate(clearTable, "keys");
    await page.goto("/");
    await button(t("gate.anew")).waitFor();
    await shot(page, "81-damaged");
    await button(t("gate.anew")).click();
    await shot(page, "82-begin-anew");
  });
  await context.close();
  await others.close();
  return album.problems;

  /** With the wallet that the browser has. */
  async function comeIn(from: Page, pseudonym: string, { found = "", returning = false }) {
    await from.goto("/");
    await button(t("welcome.start"), from).click();
    await button(t("join.wallet.connect", { name: wallet.name }), from).waitFor();
    if (found) await shot(from, found);
    await button(t("join.wallet.connect", { name: wallet.name }), from).click();
    if (returning) {
      await button(t("join.remove.open"), from).waitFor();
      await shot(from, "85-name-owned");
      await button(t("join.remove.open"), from).click();
      await from.getByRole("switch").first().waitFor();
      await shot(from, "86-remove-devices", [
        { width: 1280, height: 800 },
        { width: 390, height: 1000 },
      ]);
      await button(t("common.back"), from).click();
    }
    await name(from, pseudonym, returning);
    await button(t("common.continue"), from).click();
    await from.getByLabel(t("join.code.label"), { exact: true }).fill(code);
    await button(t("join.code.join"), from).click();
    if (returning) {
      await button(t("bring.later"), from).waitFor({ timeout: 60_000 });
      await shot(from, "75-bring-ways");
      await from.getByRole("button", { name: t("bring.relays") }).click();
      await from.getByText(t("errors.BACKUP_NOT_FOUND")).waitFor();
      await shot(from, "76-bring-not-found");
      await button(t("bring.later"), from).click();
    }
    await chats(from);
  }
  async function name(from: Page, pseudonym: string, returning = false) {
    await from.getByLabel(t("join.name.label"), { exact: true }).fill(pseudonym);
    await from.getByText(t(returning ? "join.name.yours" : "join.name.available", { name: pseudonym })).waitFor();
  }
  async function chats(from: Page) {
    await from
      .getByRole("heading", { name: t("chats.title") })
      .first()
      .waitFor({ timeout: 60_000 });
  }
}
