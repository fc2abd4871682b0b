// @vitest-environment happy-dom
import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Membership } from "../features/me/membership.tsx";
import { useSession } from "../features/session/model.ts";
import type { Entitlements, TierStatus } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";
import { show } from "./show.tsx";

afterEach(cleanup);

const skm = 10n ** 18n;
const guest: Entitlements = {
  ...{ conferenceSize: 3, conferenceMinutes: 40, fileBytes: 25n << 20n },
  ...{ storageDays: 1, storageBytes: 50n << 20n, records: false, video: false },
};
const status: TierStatus = {
  ...{ tier: 0, name: "Guest", balance: 20n * skm, lowestBalance: 20n * skm, credit: 10n * skm, entitlements: guest },
  higherTiers: [
    { name: "Member", threshold: 50n * skm, missing: 20n * skm, entitlements: { ...guest, video: true } },
    {
      ...{ name: "Pro", threshold: 1_000n * skm, missing: 970n * skm },
      entitlements: { ...guest, video: true, conferenceSize: 100, conferenceMinutes: 0, records: true },
    },
  ],
};

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

test("shows for each tier above what it adds, and exactly how much is missing for it", async () => {
  const client = fakeClient({ client: { tier: async () => status, identity: {} as never } });
  useSession.setState({ session: { status: "joined", client, identity: {} as never } });
  show(<Membership />);
  expect(await screen.findByText("20 SKM more for Member")).toBeTruthy();
  const added = (name: string) =>
    within(screen.getByRole("list", { name: `More with ${name}` }))
      .getAllByRole("listitem")
      .map(({ textContent }) => textContent);
  expect(added("Member")).toEqual(["Video calls"]);
  expect(added("Pro")).toEqual(["Up to 100 people, no time limit", "Kept records"]);
  expect(screen.getByText("970 SKM more")).toBeTruthy();
  expect(screen.getByRole("region", { name: "Membership" }).id).toBe("membership");
});
