import { expect, test, uniqueName } from "./support/fixtures.ts";
import { expectMovingPicture } from "./support/media.ts";
import { befriend, hears, join, type Person, say } from "./support/people.ts";

/** The main job, seen by both people: a link, a request, messages both ways and a certified video call. */
async function meetTalkAndCall(lin: Person, wei: Person) {
  await test.step("find each other by link, request, accept", () => befriend(lin, wei));

  await test.step("messages arrive both ways and are read", async () => {
    await say(lin, "Is the bookshop still open?");
    await hears(wei, "Is the bookshop still open?");
    await say(wei, "Until seven. 晚上见！");
    await hears(lin, "Until seven. 晚上见！");
    await expect(lin.page.getByRole("log").getByLabel(/^Read/).first()).toBeVisible({ timeout: 20_000 });
  });

  await test.step("a video call rings, connects and moves on both sides", async () => {
    await lin.page.getByRole("button", { name: "Video call" }).click();
    await wei.page.getByRole("button", { name: "Answer", exact: true }).click({ timeout: 20_000 });
    await expectMovingPicture(lin.page, `Video of ${wei.pseudonym}`);
    await expectMovingPicture(wei.page, `Video of ${lin.pseudonym}`);
  });

  await test.step("the chain certifies the session for both within ten seconds", async () => {
    for (const { page } of [lin, wei]) {
      await expect(page.getByTestId("call-certificate")).toHaveAttribute("data-state", "certified", {
        timeout: 10_000,
      });
    }
  });

  await test.step("mute and camera are told to the other side", async () => {
    await lin.page.getByRole("button", { name: "Mute", exact: true }).click();
    await expect(wei.page.getByText(`${lin.pseudonym} is muted`)).toBeVisible();
    await lin.page.getByRole("button", { name: "Turn camera off" }).click();
    await expect(wei.page.getByText(`${lin.pseudonym} turned the camera off`)).toBeVisible();
  });

  await test.step("hang up ends it for both", async () => {
    await lin.page.getByRole("button", { name: "Hang up" }).click();
    for (const { page } of [lin, wei]) {
      await expect(page.getByRole("button", { name: "Hang up" })).toBeHidden();
      await expect(page.getByRole("log").getByText("Video call").first()).toBeVisible();
    }
  });
}

test("two people with wallets join, meet, talk and see each other", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(lin), join(wei)]);
  await meetTalkAndCall(lin, wei);
});

test("a newcomer without a wallet does the same", async ({ person }) => {
  const ada = await person({ pseudonym: uniqueName("ada"), wallet: false });
  const wei = await person({ pseudonym: uniqueName("wei") });
  await Promise.all([join(ada), join(wei)]);
  await meetTalkAndCall(ada, wei);
});

test("a conversation survives a reload and a closed page", async ({ person }) => {
  const lin = await person({ pseudonym: uniqueName("lin") });
  const wei = await person({ pseudonym: uniqueName("wei"), wallet: false });
  await Promise.all([join(lin), join(wei)]);
  await befriend(lin, wei);
  await say(lin, "Before the reload");
  await hears(wei, "Before the reload");

  await wei.page.reload();
  await hears(wei, "Before the reload");
  await say(wei, "After my reload");
  await hears(lin, "After my reload");

  await wei.page.goto("about:blank");
  await say(lin, "While you were away");
  await wei.page.goBack();
  await hears(wei, "While you were away");
});

test("the same three things in a fresh browser profile give the same public ID", async ({ person }) => {
  const pseudonym = uniqueName("lin");
  const privateKey = `0x${crypto.getRandomValues(Buffer.alloc(32)).toString("hex")}` as const;
  const first = await person({ pseudonym, wallet: { privateKey } });
  const second = await person({ pseudonym, wallet: { privateKey } });
  await join(first);
  await join(second);
  const ids = await Promise.all(
    [first, second].map(async ({ page }) => {
      await page.getByRole("link", { name: "Me", exact: true }).click();
      return page.getByTestId("public-id").getAttribute("data-public-id");
    }),
  );
  expect(ids[0]).toMatch(/^0x[0-9a-f]{64}$/);
  expect(ids[1]).toBe(ids[0]);
});
