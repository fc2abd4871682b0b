import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { screenFor, stepsFor, useJoin } from "../features/join/model.ts";
import { PageError } from "../lib/errors.ts";
import type { JoinInput, NameAvailability, WalletSigner } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";

const wallet: WalletSigner = { address: "0x01", signTypedData: async () => "0x" };
const identity = { pseudonym: "lin", publicId: "0x02", wallet: "0x01", keyVersion: 1, deviceKey: "0x03" } as const;

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  useJoin.getState().reset();
  vi.useRealTimers();
});

describe("choosing a pseudonym", () => {
  test("is looked up once typing rests, for the chosen wallet", async () => {
    const checkName = vi.fn(
      async (name: string): Promise<NameAvailability> => ({ kind: "available", normalized: name }),
    );
    const client = fakeClient({ client: { checkName } });
    useJoin.getState().chooseWallet(wallet, "here");
    for (const typed of ["l", "li", "lin"]) useJoin.getState().typeName(client, typed);
    expect(useJoin.getState().nameState.kind).toBe("checking");
    await vi.runAllTimersAsync();
    expect(checkName).toHaveBeenCalledExactlyOnceWith("lin", "0x01");
    expect(useJoin.getState().nameState).toEqual({ kind: "available", normalized: "lin" });
  });

  test("a late answer about an earlier spelling changes nothing", async () => {
    const answers = new Map<string, (value: NameAvailability) => void>();
    const checkName = (name: string) => new Promise<NameAvailability>((resolve) => answers.set(name, resolve));
    const client = fakeClient({ client: { checkName } });
    useJoin.getState().typeName(client, "lin");
    await vi.advanceTimersByTimeAsync(400);
    useJoin.getState().typeName(client, "linn");
    await vi.advanceTimersByTimeAsync(400);
    answers.get("lin")?.({ kind: "taken", normalized: "lin" });
    await vi.advanceTimersByTimeAsync(0);
    expect(useJoin.getState().nameState.kind).toBe("checking");
    answers.get("linn")?.({ kind: "available", normalized: "linn" });
    await vi.advanceTimersByTimeAsync(0);
    expect(useJoin.getState().nameState).toEqual({ kind: "available", normalized: "linn" });
  });

  test("without network it is said so, and asked again by itself", async () => {
    let reachable = false;
    const checkName = async (name: string): Promise<NameAvailability> => {
      if (!reachable) throw new PageError("CHAIN_UNREACHABLE");
      return { kind: "available", normalized: name };
    };
    const client = fakeClient({ client: { checkName } });
    useJoin.getState().typeName(client, "lin");
    await vi.advanceTimersByTimeAsync(400);
    expect(useJoin.getState().nameState.kind).toBe("unreachable");
    reachable = true;
    await vi.runAllTimersAsync();
    expect(useJoin.getState().nameState.kind).toBe("available");
  });
});

describe("joining", () => {
  test("hands over what was typed, shows the steps and forgets the code", async () => {
    const join = vi.fn(async (input: JoinInput) => {
      input.onProgress?.("derive");
      return { kind: "registered" as const, identity };
    });
    const client = fakeClient({ client: { join } });
    useJoin.getState().chooseWallet(wallet, "browser");
    useJoin.setState({ name: "lin", code: "copper lantern" });
    await useJoin.getState().join(client);
    expect(join.mock.calls[0]?.[0]).toMatchObject({ wallet, pseudonym: "lin", securityCode: "copper lantern" });
    expect(useJoin.getState()).toMatchObject({ screen: "progress", step: "derive", code: "", error: undefined });
  });

  test("a wallet that cannot repeat a signature leads to the backup", async () => {
    const result = { kind: "registered-with-backup" as const, identity, backup: new Uint8Array([1]) };
    useJoin.getState().chooseWallet(wallet, "browser");
    await useJoin.getState().join(fakeClient({ client: { join: async () => result } }));
    expect(useJoin.getState().screen).toBe("backup");
  });

  test.each([
    [new PageError("WRONG_SECURITY_CODE"), "WRONG_SECURITY_CODE", "code"],
    [new PageError("NAME_TAKEN"), "NAME_TAKEN", "name"],
    [new PageError("WALLET_CHANGED_ACCOUNT"), "WALLET_CHANGED_ACCOUNT", "wallet"],
    [Object.assign(new Error("no"), { code: 4001 }), "WALLET_REFUSED", "code"],
    [new Error("?"), "UNEXPECTED", "code"],
  ] as const)("%s keeps what was typed and says what to do", async (error, code, screen) => {
    const client = fakeClient({ client: { join: () => Promise.reject(error) } });
    useJoin.getState().chooseWallet(wallet, "browser");
    useJoin.setState({ name: "lin", code: "copper lantern" });
    await useJoin.getState().join(client);
    expect(useJoin.getState()).toMatchObject({ error: code, name: "lin", code: "copper lantern" });
    expect(screenFor(code)).toBe(screen);
  });

  test("who returns is not shown steps they do not take", () => {
    expect(stepsFor(true, false, false)).not.toContain("commit-name");
    expect(stepsFor(true, false, true)).toContain("sign-devices");
    expect(stepsFor(false, true, false)).toContain("sign-identity-again");
  });

  test("a file that cannot be a backup is refused before it is read", async () => {
    await useJoin.getState().chooseBackup(new File([new Uint8Array(5_000)], "photo.jpg"));
    expect(useJoin.getState()).toMatchObject({ error: "BACKUP_INVALID", backup: undefined });
  });
});
