// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import BringScreen from "../features/devices/bring-screen.tsx";
import { useHistory } from "../features/devices/history.ts";
import { RelayBackup } from "../features/devices/relay-backup.tsx";
import { useSession } from "../features/session/model.ts";
import type { BackupAllowance, BackupInfo, Client } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { fakeClient } from "./fake-client.ts";
import { show } from "./show.tsx";

const coded = (code: string) => Object.assign(new Error(code), { code });
const identity = { pseudonym: "lin", publicId: `0x${"0a".repeat(32)}`, wallet: "0x", keyVersion: 1, deviceKey: "0x" };
/** Its hint may belong to its name. */
const named = (words: string) => new RegExp(`^${words}`);
const button = (words: string) => screen.getByRole("button", { name: named(words) });

beforeEach(() => useHistory.setState({ work: { state: "idle" }, backup: "unread", allowance: undefined }));
afterEach(cleanup);

const silent = { backupAllowance: async () => Promise.reject(coded("CHAIN_UNREACHABLE")) };
const clientWith = (history: Partial<Client["history"]>): Client =>
  fakeClient({ client: { history: { ...silent, ...history } as Client["history"], identity: identity as never } });

describe("the ways back", () => {
  const onDone = vi.fn();
  beforeEach(() => onDone.mockReset());

  test("from the relays: how far it is, cancelled, and what came", async () => {
    const { promise, resolve } = Promise.withResolvers<{ made: number }>();
    const restoreBackup = vi.fn<Client["history"]["restoreBackup"]>(({ onProgress, signal } = {}) => {
      onProgress?.({ done: 3, total: 10 });
      signal?.addEventListener("abort", () => aborted.reject(coded("ABORTED")));
      return Promise.race([promise, aborted.promise]);
    });
    let aborted = Promise.withResolvers<never>();
    const client = clientWith({ restoreBackup, lastBackup: async () => undefined });
    show(<BringScreen client={client} onDone={onDone} />);
    fireEvent.click(button(en.bring.relays));
    expect(await screen.findByText("3 of 10 messages")).toBeTruthy();
    fireEvent.click(button(en.history.cancel));
    expect(await screen.findByRole("button", { name: named(en.bring.relays) })).toBeTruthy();
    aborted = Promise.withResolvers();
    fireEvent.click(button(en.bring.relays));
    await act(async () => resolve({ made: Date.now() }));
    expect(await screen.findByRole("heading", { name: en.bring.doneTitle })).toBeTruthy();
    fireEvent.click(button(en.devices.open));
    expect(onDone).toHaveBeenCalledWith("in");
  });

  test("nothing was found: says whose was looked for, and leads to another way", async () => {
    const client = clientWith({ restoreBackup: async () => Promise.reject(coded("BACKUP_NOT_FOUND")) });
    show(<BringScreen client={client} onDone={onDone} />);
    fireEvent.click(button(en.bring.relays));
    expect((await screen.findByRole("alert")).textContent).toBe(en.errors.BACKUP_NOT_FOUND);
    expect(screen.getByText(/the backup of lin/)).toBeTruthy();
    fireEvent.click(button(en.bring.another));
    fireEvent.click(button(en.bring.device));
    expect(onDone).toHaveBeenCalledWith("link");
    fireEvent.click(button(en.bring.later));
    expect(onDone).toHaveBeenCalledWith("in");
  });

  test("only an older one is there: it is taken when that is wanted", async () => {
    const restoreBackup = vi.fn<Client["history"]["restoreBackup"]>(async ({ older } = {}) => {
      if (!older) throw coded("BACKUP_OUTDATED");
      return { made: 0 };
    });
    const client = clientWith({ restoreBackup, lastBackup: async () => undefined });
    show(<BringScreen client={client} onDone={onDone} />);
    fireEvent.click(button(en.bring.relays));
    fireEvent.click(await screen.findByRole("button", { name: en.history.older }));
    expect(await screen.findByRole("heading", { name: en.bring.doneTitle })).toBeTruthy();
  });
});

describe("the backup at the relays", () => {
  const info: BackupInfo = {
    ...{ at: Date.now(), expiresAt: Date.now() + 30 * 86_400_000, relays: 2, of: 3 },
    messages: { done: 8, total: 10 },
  };
  const rows = (client: Client) => {
    useSession.setState({ session: { status: "joined", client, identity: identity as never } });
    show(<RelayBackup />);
    return screen.findByRole("switch", { name: named(en.history.relays) });
  };

  test("switched on says when and where it is, and what did not fit", async () => {
    const backUp = vi.fn<Client["history"]["backUp"]>(async () => info);
    const toggle = await rows(clientWith({ backUp, lastBackup: async () => undefined }));
    await waitFor(() => expect(toggle).toHaveProperty("disabled", false));
    fireEvent.click(toggle);
    expect(await screen.findByText(/^Last backup: Today/)).toBeTruthy();
    expect(screen.getByText(/^At 2 of 3 relays, until /)).toBeTruthy();
    expect(screen.getByText("The oldest 2 messages did not fit.")).toBeTruthy();
    fireEvent.click(button(en.history.backUpNow));
    await waitFor(() => expect(backUp).toHaveBeenCalledTimes(2));
  });

  const member: BackupAllowance = {
    ...{ tier: "Member", bytes: 20 << 20, days: 7 },
    next: { name: "Plus", missing: 900n * 10n ** 18n, bytes: 20 << 20, days: 30 },
  };
  const roomed = (allowance: BackupAllowance, last?: BackupInfo) =>
    rows(clientWith({ lastBackup: async () => last, backupAllowance: async () => allowance }));

  test("says beforehand what the tier keeps, and what is missing for more", async () => {
    const toggle = await roomed(member);
    expect(await screen.findByText("Your tier, Member, keeps up to 20 MB for 7 days.")).toBeTruthy();
    expect(screen.getByText("With 900 SKM more you reach Plus: 20 MB for 30 days.")).toBeTruthy();
    expect(toggle).toHaveProperty("disabled", false);
  });

  test("says that one of a higher tier stays for its time", async () => {
    await roomed(member, info);
    expect(
      await screen.findByText(/^Your tier, Member, now keeps backups for 7 days. This one stays until /),
    ).toBeTruthy();
  });

  test("of a tier without room is not asked for, and one that is there can be deleted", async () => {
    const toggle = await roomed({ ...member, days: 0 });
    expect(await screen.findByText("Your tier, Member, has no room for a backup.")).toBeTruthy();
    expect(toggle).toHaveProperty("disabled", true);
    cleanup();
    expect(await roomed({ ...member, days: 0 }, info)).toHaveProperty("disabled", false);
  });

  test("one that failed leaves the last one standing", async () => {
    const backUp = async () => Promise.reject(coded("NETWORK_UNREACHABLE"));
    await rows(clientWith({ backUp, lastBackup: async () => info }));
    fireEvent.click(await screen.findByRole("button", { name: en.history.backUpNow }));
    await waitFor(() =>
      expect(useHistory.getState().work).toEqual({ state: "failed", kind: "back-up", error: "NETWORK_UNREACHABLE" }),
    );
    expect(screen.getByText(/^Last backup: Today/)).toBeTruthy();
  });

  test("is deleted after a question; where that does not reach the relays, it says so and ends here", async () => {
    let last: BackupInfo | undefined = info;
    const dropBackup = vi.fn(async () => {
      last = undefined;
      if (dropBackup.mock.calls.length === 1) throw coded("BACKUP_DROP_WAITS");
    });
    const toggle = await rows(clientWith({ dropBackup, lastBackup: async () => last }));
    await waitFor(() => expect(toggle.getAttribute("aria-checked")).toBe("true"));
    fireEvent.click(toggle);
    const question = await screen.findByRole("dialog");
    expect(dropBackup).not.toHaveBeenCalled();
    fireEvent.click(within(question).getByRole("button", { name: en.history.dropAction }));
    expect(await within(question).findByText(en.errors.BACKUP_DROP_WAITS)).toBeTruthy();
    fireEvent.click(within(question).getByRole("button", { name: en.history.dropAction }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(toggle.getAttribute("aria-checked")).toBe("false");
    expect(button(en.history.bring)).toBeTruthy();
  });
});
