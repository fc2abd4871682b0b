import type { Page } from "@playwright/test";
import { generatePrivateKey } from "viem/accounts";
import { expect, test, uniqueName } from "./support/fixtures.ts";
import { join, type Person } from "./support/people.ts";

/** Counts the workers that stretch a code, from now on: those that began, and those that are still there. */
function stretching(page: Page) {
  const isOne = (worker: { url(): string }) => new URL(worker.url()).pathname === "/argon2id-worker.js";
  let begun = 0;
  page.on("worker", (worker) => {
    if (isOne(worker)) begun++;
  });
  return { begun: () => begun, left: () => page.workers().filter(isOne).length };
}

async function publicIdOf({ page }: Person): Promise<string | null> {
  await page.getByRole("link", { name: "Me", exact: true }).click();
  return page.getByTestId("public-id").getAttribute("data-public-id");
}

test("the security code is stretched beside the page, and without workers in it, to the same keys", async ({
  person,
}) => {
  const pseudonym = uniqueName("lin");
  const privateKey = generatePrivateKey();
  const beside = await person({ pseudonym, wallet: { privateKey } });
  const within = await person({ pseudonym, wallet: { privateKey } });
  const workers = [stretching(beside.page), stretching(within.page)];
  await join(beside);
  await within.context.addInitScript(() => {
    Object.defineProperty(globalThis, "Worker", { value: undefined });
  });
  await join(within);
  expect(workers.map(({ begun }) => begun())).toEqual([1, 0]);
  expect(workers.map(({ left }) => left())).toEqual([0, 0]);
  expect(await publicIdOf(within)).toBe(await publicIdOf(beside));
});
