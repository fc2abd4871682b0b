import { type Browser, type BrowserContext, type BrowserContextOptions, expect, type Page } from "@playwright/test";
import { type InjectedWallet, installWallet, type WalletBehaviour } from "./wallet.ts";
import { watchPage } from "./watch.ts";

/** A person with a browser of their own: one context, one page, perhaps a wallet extension. */
export interface Person {
  pseudonym: string;
  code: string;
  context: BrowserContext;
  page: Page;
  wallet?: InjectedWallet;
  /** What went wrong in the page; must stay empty. */
  problems: string[];
}

export interface PersonOptions {
  pseudonym: string;
  code?: string;
  wallet?: { name?: string; privateKey?: `0x${string}`; behaviour?: Partial<WalletBehaviour> } | false;
  context?: BrowserContextOptions;
  /** Console errors that the test itself provokes. */
  allowed?: readonly RegExp[];
  permissions?: readonly string[];
}

/** Opens a fresh browser profile for somebody. */
export async function newPerson(browser: Browser, baseURL: string, options: PersonOptions): Promise<Person> {
  // Spinners that turn for ever take a good part of two cores without a graphics card.
  const context = await browser.newContext({ baseURL, locale: "en-GB", reducedMotion: "reduce", ...options.context });
  await context.grantPermissions([
    ...(options.permissions ?? ["camera", "microphone", "clipboard-read", "clipboard-write"]),
  ]);
  const wallet = options.wallet === false ? undefined : await installWallet(context, options.wallet ?? {});
  const page = await context.newPage();
  return {
    pseudonym: options.pseudonym,
    code: options.code ?? "copper lantern seventy-two rivers",
    context,
    page,
    problems: watchPage(page, options.allowed),
    ...(wallet ? { wallet } : {}),
  };
}

/** Walks from the welcome screen to the point where the security code is asked for. */
export async function walkToCode({ page, wallet, pseudonym }: Person, start = "/"): Promise<void> {
  await page.goto(start);
  await page.getByRole("button", { name: "Get started" }).click();
  if (wallet) {
    await page.getByRole("button", { name: `Connect ${wallet.name}` }).click();
  } else {
    await page.getByRole("button", { name: "Create a wallet here" }).click();
    await page.getByRole("button", { name: "Remind me later" }).click();
  }
  await page.getByLabel("Pseudonym", { exact: true }).fill(pseudonym);
  const next = page.getByRole("button", { name: "Continue" });
  await expect(next).toBeEnabled();
  await next.click();
  await expect(page.getByLabel("Security code", { exact: true })).toBeVisible();
}

/** Joins the network and waits for the list of chats. */
export async function join(person: Person, start = "/"): Promise<void> {
  await walkToCode(person, start);
  await enterCode(person);
  await goIn(person);
}

/** To the list of chats; whoever came back leaves their conversations where they are. */
export async function goIn({ page }: Person): Promise<void> {
  const later = page.getByRole("button", { name: "Later", exact: true });
  const chats = page.getByRole("heading", { name: "Chats" });
  await expect(later.or(chats).first()).toBeVisible({ timeout: 60_000 });
  if (await later.isVisible()) await later.click();
  await expect(chats).toBeVisible();
}

export async function enterCode({ page, code }: Person): Promise<void> {
  await page.getByLabel("Security code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Join", exact: true }).click();
}

/** The link on somebody's card, which is also what the QR code shows. */
export async function linkOf({ page }: Person): Promise<string> {
  const link = page.getByRole("textbox", { name: "Your link" });
  // On a wide screen the card stands beside an empty list; elsewhere it is opened.
  if (!(await link.isVisible())) await page.getByRole("button", { name: "My card" }).click();
  const text = await link.inputValue();
  await page.keyboard.press("Escape");
  return text;
}

/** Opens somebody's link, sends a request; the other accepts; both stand in the conversation. */
export async function befriend(from: Person, to: Person): Promise<void> {
  const link = await linkOf(to);
  await from.page.goto(link);
  await from.page.getByLabel("First words (optional)").fill(`This is ${from.pseudonym}.`);
  await from.page.getByRole("button", { name: "Send request" }).click();
  const request = to.page.getByRole("button", { name: "Accept" }).first();
  await expect(request).toBeVisible({ timeout: 20_000 });
  await request.click();
  await openConversation(to, from);
  await openConversation(from, to);
}

/** Wherever the person stands: an accepted request may be opening the conversation by itself at this moment. */
export async function openConversation(person: Person, other: Person): Promise<void> {
  const message = person.page.getByLabel("Message", { exact: true });
  const entry = person.page
    .getByRole("list", { name: "Conversations" })
    .getByRole("link", { name: new RegExp(other.pseudonym) });
  const chats = person.page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: /Chats/ });
  await expect(async () => {
    if (await message.isVisible()) return;
    if (!(await entry.isVisible())) await chats.click({ timeout: 1000 });
    await entry.click({ timeout: 3000 });
    await expect(message).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 30_000 });
}

export async function say(person: Person, text: string): Promise<void> {
  await person.page.getByLabel("Message", { exact: true }).fill(text);
  await person.page.keyboard.press("Enter");
  await expect(person.page.getByText(text, { exact: true })).toBeVisible();
}

export async function hears(person: Person, text: string): Promise<void> {
  await expect(person.page.getByRole("log").getByText(text, { exact: true })).toBeVisible({ timeout: 20_000 });
}
