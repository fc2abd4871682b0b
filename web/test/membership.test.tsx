// @vitest-environment happy-dom
import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Membership } from "../features/me/membership.tsx";
import { useSession } from "../features/session/model.ts";
import type { TierStatus } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";
import { show } from "./show.tsx";
import { guestTier as status } from "./tiers.ts";

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("is where a link to it leads, also when it comes after the page", async () => {
  const seen: string[] = [];
  vi.spyOn(Element.prototype, "scrollIntoView").mockImplementation(function (this: Element) {
    seen.push(this.id);
  });
  const client = fakeClient({ client: { tier: async () => status, identity: {} as never } });
  useSession.setState({ session: { status: "joined", client, identity: {} as never } });
  show(<Membership />);
  expect(seen).toEqual([]);
  cleanup();
  location.hash = "#membership";
  show(<Membership />);
  expect(seen).toEqual(["membership"]);
  location.hash = "";
});

const linesOf = (list: string) =>
  within(screen.getByRole("list", { name: list }))
    .getAllByRole("listitem")
    .map(({ textContent }) => textContent);

let shown = 0;

function showTier(tier: TierStatus) {
  const client = fakeClient({ client: { tier: async () => tier, identity: {} as never } });
  useSession.setState({ session: { status: "joined", client, identity: {} as never } });
  // What was read is kept for a while.
  vi.setSystemTime(Date.now() + ++shown * 3_600_000);
  show(<Membership />);
}

test("shows what is there today: of one's tier, and what each above adds for how much more, never too little", async () => {
  showTier(status);
  expect(await screen.findByText("20.01 SKM more for Member")).toBeTruthy();
  expect(linesOf("Included")).toEqual(["Audio calls only", "Backups up to 20 MB, kept for 1 day"]);
  expect(linesOf("More with Member")).toEqual(["Video calls", "Backups up to 20 MB, kept for 7 days"]);
  expect(linesOf("More with Plus")).toEqual(["Backups up to 20 MB, kept for 30 days"]);
  expect(screen.getByText("970 SKM more")).toBeTruthy();
  // It promises files, conferences and records on chain, and nothing that anybody could use.
  expect(screen.queryByText("Pro")).toBeNull();
  expect(screen.getByRole("region", { name: "Membership" }).id).toBe("membership");
});

test("asks nobody to hold more for a tier that adds nothing yet", async () => {
  const [, plus, pro] = status.higherTiers;
  if (!plus || !pro) throw new Error("three tiers above");
  showTier({ ...status, name: "Plus", entitlements: plus.entitlements, backup: plus.backup, higherTiers: [pro] });
  expect(await screen.findByText("The tiers above add nothing yet.")).toBeTruthy();
});
