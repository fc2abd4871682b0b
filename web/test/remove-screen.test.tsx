// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { useJoin } from "../features/join/model.ts";
import { NameScreen } from "../features/join/name-screen.tsx";
import RemoveScreen from "../features/join/remove-screen.tsx";
import { PageError } from "../lib/errors.ts";
import { ownedBy, removeOwned } from "../lib/owned.ts";
import type { OwnedIdentity, WalletSigner } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { fakeClient, settle } from "./fake-client.ts";
import { show } from "./show.tsx";

vi.mock("../lib/owned.ts", () => ({ ownedBy: vi.fn(), removeOwned: vi.fn() }));

const words = en.join.remove;
const wallet: WalletSigner = { address: "0x0a", signTypedData: () => Promise.reject(new Error("not asked")) };
const [one, other] = [`0x${"1".repeat(64)}`, `0x${"2".repeat(64)}`] as const;
const owned: OwnedIdentity = { pseudonym: "lin", publicId: "0x01", devices: [one, other] };

beforeEach(() => {
  useJoin.getState().reset();
  useJoin.getState().chooseWallet(wallet, "browser");
  vi.mocked(ownedBy).mockResolvedValue(owned);
});
afterEach(cleanup);

describe("the wallet's own way", () => {
  test("is offered to who owns an identity with devices, and to nobody else", async () => {
    for (const [found, count] of [
      [owned, 1],
      [{ ...owned, devices: [] }, 0],
      [undefined, 0],
    ] as [OwnedIdentity | undefined, number][]) {
      vi.mocked(ownedBy).mockResolvedValue(found);
      show(<NameScreen client={fakeClient({})} />);
      await act(settle);
      expect(screen.queryAllByRole("button", { name: words.open })).toHaveLength(count);
      cleanup();
    }
  });

  test("removes what is not kept, after saying why it did not work", async () => {
    vi.mocked(removeOwned).mockRejectedValueOnce(new PageError("WALLET_REFUSED"));
    vi.mocked(removeOwned).mockResolvedValueOnce({ ...owned, devices: [one] });
    show(<RemoveScreen />);
    const first = await screen.findByRole("switch", { name: /^Device 1/ });
    fireEvent.click(first);
    fireEvent.click(screen.getByRole("button", { name: "Remove 1 device" }));
    await screen.findByText(en.errors.WALLET_REFUSED);
    fireEvent.click(screen.getByRole("button", { name: "Remove 1 device" }));
    await screen.findByText("1 device is off the list of lin.");
    expect(removeOwned).toHaveBeenLastCalledWith(wallet, [other]);
    expect(screen.getByText("1 device can still read and write as lin.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: words.goOn }));
    expect(useJoin.getState().screen).toBe("name");
  });

  test("says when the list cannot be read, and removes nothing", async () => {
    vi.mocked(ownedBy).mockRejectedValue(new PageError("CHAIN_UNREACHABLE"));
    show(<RemoveScreen />);
    await screen.findByText(en.errors.CHAIN_UNREACHABLE);
    expect(screen.getByRole("button", { name: "Choose a device" })).toHaveProperty("disabled", true);
  });
});
