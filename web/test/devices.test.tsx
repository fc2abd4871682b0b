// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { guessName } from "../features/devices/guess-name.ts";
import { useHistory } from "../features/devices/history.ts";
import { attachDevices, introduceDevice, useDevices } from "../features/devices/model.ts";
import RemoveSheet from "../features/devices/remove-sheet.tsx";
import { TransferLine } from "../features/devices/transfer-line.tsx";
import { attachTransfers, useTransfers } from "../features/devices/transfers.ts";
import { useSession } from "../features/session/model.ts";
import { pageOfLink } from "../lib/link-page.ts";
import type { Client, DeviceInfo, LinkProgress, Transfer } from "../lib/types.ts";
import { fakeClient, settle } from "./fake-client.ts";
import { show } from "./show.tsx";

vi.mock("next/navigation", () => ({ usePathname: () => "/chats/" }));
vi.mock("../features/wallet/injected-wallets.tsx", () => ({ default: () => null }));

beforeEach(() => useDevices.setState({ devices: undefined, error: undefined, revoked: false }));
afterEach(cleanup);

const coded = (code: string) => Object.assign(new Error(code), { code });
const device = (name: string, more: Partial<DeviceInfo> = {}): DeviceInfo => ({
  ...{ key: `0x${name}`, name, current: false },
  ...more,
});

/** A transfer that a test moves by hand. */
function handMade(direction: Transfer["direction"]) {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  done.catch(() => undefined);
  const listeners = new Set<(progress: LinkProgress) => void>();
  let last = { done: 0, total: 10 };
  const cancel = vi.fn(async () => undefined);
  const transfer: Transfer = {
    ...{ direction, done, cancel, progress: () => last },
    onProgress(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const move = (done: number) => {
    last = { ...last, done };
    for (const listener of listeners) listener(last);
  };
  return { transfer, cancel, resolve, reject, move, listeners };
}

test.each([
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
    "Edge, Windows",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
    "Chrome, Linux",
  ],
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari, iPhone"],
  ["Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0", "Firefox, Android"],
  ["curl/8", "Browser"],
])("%s is called %s", (userAgent, name) => expect(guessName(userAgent)).toBe(name));

test("a new device's code leads to where it is approved", () => {
  expect(pageOfLink("#/link/abc")).toBe("/approve/#/link/abc");
  expect(pageOfLink("#/join/abc")).toBe("/groups/join/#/join/abc");
});

describe("the list", () => {
  test("a device without a name gives itself one; one that has a name keeps it", async () => {
    const rename = vi.fn(async () => undefined);
    const here = device("", { current: true });
    const listed = { list: async () => [here, device("Phone")], rename } as unknown as Client["devices"];
    await introduceDevice(fakeClient({ client: { devices: listed } }));
    expect(rename).toHaveBeenCalledWith(here.key, guessName(navigator.userAgent));
    const named = { list: async () => [device("Desk", { current: true })], rename } as unknown as Client["devices"];
    await introduceDevice(fakeClient({ client: { devices: named } }));
    expect(rename).toHaveBeenCalledTimes(1);
  });

  test("follows what other devices tell, and is forgotten with the identity", () => {
    const client = fakeClient({});
    attachDevices(client);
    useDevices.setState({ devices: [device("Desk", { current: true }), device("Phone")] });
    client.emit("device", { kind: "joined", device: device("Attic") });
    expect(useDevices.getState().devices?.map(({ name }) => name)).toEqual(["Desk", "Attic", "Phone"]);
    client.emit("device", { kind: "changed", device: { ...device("Phone"), name: "Old phone" } });
    client.emit("device", { kind: "revoked", device: device("Attic") });
    expect(useDevices.getState().devices?.map(({ name }) => name)).toEqual(["Desk", "Old phone"]);
    client.emit("problem", { code: "CHAIN_STALLED", at: 0 });
    expect(useDevices.getState().revoked).toBe(false);
    client.emit("problem", { code: "DEVICE_REVOKED", at: 0 });
    expect(useDevices.getState().revoked).toBe(true);
    client.emit("identity", undefined);
    expect(useDevices.getState()).toMatchObject({ devices: undefined, revoked: false });
  });
});

describe("removing", () => {
  const words = `${"test ".repeat(11)}junk`;
  const owner = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
  const button = (name: string) => screen.getByRole("button", { name });

  function open(revoke: Client["devices"]["revoke"]) {
    const devices = { revoke, list: async () => [] } as unknown as Client["devices"];
    const identity = { wallet: owner } as never;
    const client = fakeClient({ client: { devices } });
    useSession.setState({ session: { status: "joined", client, identity } as never });
    const onClose = vi.fn();
    show(<RemoveSheet device={device("Phone")} onClose={onClose} />);
    return onClose;
  }

  async function enterWords(typed: string) {
    fireEvent.click(await screen.findByRole("button", { name: "I have recovery words" }, { timeout: 20_000 }));
    fireEvent.change(screen.getByRole("textbox"), { target: { value: typed } });
    fireEvent.click(button("Confirm"));
  }

  test("goes without the wallet where the device is at hand", async () => {
    const revoke = vi.fn(async () => undefined);
    const onClose = open(revoke);
    fireEvent.click(button("Remove device"));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(revoke).toHaveBeenCalledWith("0xPhone", undefined);
  });

  test("of a lost one is confirmed by the wallet, from its words too", async () => {
    const revoke = vi.fn(async () => undefined);
    const onClose = open(revoke);
    fireEvent.click(screen.getByRole("switch", { name: /It is lost or stolen/ }));
    fireEvent.click(button("Continue"));
    expect(revoke).not.toHaveBeenCalled();
    await enterWords(words);
    await waitFor(() => expect(onClose).toHaveBeenCalled(), { timeout: 20_000 });
    expect(revoke).toHaveBeenCalledWith("0xPhone", expect.objectContaining({ address: owner }));
  });

  test("asks for the wallet where this device does not hold the key, and says when it is another one", async () => {
    const refusals = ["DEVICE_NEEDS_WALLET", "WALLET_CHANGED_ACCOUNT"];
    const onClose = open(vi.fn(async () => Promise.reject(coded(refusals.shift() ?? ""))));
    fireEvent.click(button("Remove device"));
    expect(await screen.findByText(/Confirm with the wallet that owns/)).toBeTruthy();
    await enterWords(words);
    await waitFor(() => expect(screen.getByText(/another account/i)).toBeTruthy(), { timeout: 20_000 });
    expect(onClose).not.toHaveBeenCalled();
  });
});

describe("transfers", () => {
  const attach = (...transfers: Transfer[]) => {
    const client = fakeClient({ client: { devices: { transfers: () => transfers } as unknown as Client["devices"] } });
    return { client, stop: attachTransfers(client) };
  };

  test("of before a restart and new ones are followed to their end", async () => {
    const [coming, going] = [handMade("in"), handMade("out")];
    const { client, stop } = attach(coming.transfer);
    client.emit("transfer", going.transfer);
    coming.move(4);
    expect(useTransfers.getState().in).toMatchObject({ state: "going", progress: { done: 4, total: 10 } });
    going.resolve();
    coming.reject(coded("LINK_CANCELLED"));
    await settle();
    expect(useTransfers.getState()).toMatchObject({
      in: { state: "failed", error: "LINK_CANCELLED" },
      out: { state: "done" },
    });
    stop();
    expect(useTransfers.getState()).toMatchObject({ in: undefined, out: undefined });
    expect(coming.listeners.size).toBe(0);
  });

  test("a page that closes down says nothing of it", async () => {
    const coming = handMade("in");
    const { stop } = attach(coming.transfer);
    coming.reject(coded("CLIENT_CLOSED"));
    await settle();
    expect(useTransfers.getState().in?.state).toBe("going");
    stop();
  });

  test("the line tells how far it is, stops it after a question, and says how to go on", async () => {
    const coming = handMade("in");
    const { stop } = attach(coming.transfer);
    show(<TransferLine />);
    coming.move(3);
    expect(await screen.findByText(/3 of 10 messages/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Stop the transfer" }));
    // Loaded when it is needed.
    const question = await screen.findByRole("dialog", {}, { timeout: 20_000 });
    fireEvent.click(within(question).getByRole("button", { name: "Stop the transfer" }));
    await waitFor(() => expect(coming.cancel).toHaveBeenCalled());
    coming.reject(coded("LINK_CANCELLED"));
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Show a new code" }).getAttribute("href")).toMatch(/^\/link/);
    fireEvent.click(screen.getByRole("button", { name: "Not now" }));
    expect(screen.queryByRole("alert")).toBeNull();
    stop();
  });
});

describe("history in a file", () => {
  const clientWith = (history: Partial<Client["history"]>) =>
    fakeClient({ client: { history: history as Client["history"] } });

  test("what came back is counted, and what failed is said", async () => {
    const brought = { conversations: 2, messages: 30 };
    await useHistory.getState().restore(clientWith({ restore: async () => brought }), new Blob(["x"]));
    expect(useHistory.getState().work).toEqual({ state: "restored", brought });
    const failing = clientWith({ restore: async () => Promise.reject(coded("HISTORY_NOT_YOURS")) });
    await useHistory.getState().restore(failing, new Blob(["x"]));
    expect(useHistory.getState().work).toEqual({ state: "failed", kind: "restore", error: "HISTORY_NOT_YOURS" });
  });

  test("no file is read that no page could hold", async () => {
    const restore = vi.fn();
    await useHistory.getState().restore(clientWith({ restore }), { size: 2 ** 31 } as Blob);
    expect(useHistory.getState().work).toEqual({ state: "too-large" });
    expect(restore).not.toHaveBeenCalled();
  });

  test("can be cancelled, and then looks as before", async () => {
    const save: Client["history"]["save"] = ({ signal } = {}) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(coded("ABORTED"))));
    const saving = useHistory.getState().save(clientWith({ save }), "x.history");
    expect(useHistory.getState().work).toMatchObject({ state: "busy", kind: "save" });
    useHistory.getState().cancel();
    await saving;
    expect(useHistory.getState().work).toEqual({ state: "idle" });
  });
});
