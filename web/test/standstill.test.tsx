// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CallCertificate } from "../features/calls/call-certificate.tsx";
import { useJoin } from "../features/join/model.ts";
import { ProgressScreen } from "../features/join/progress-screen.tsx";
import { StateLine } from "../features/money/state-line.tsx";
import { hearChain, useConnection } from "../features/shell/connection.ts";
import { WalletWays } from "../features/wallet/wallet-ways.tsx";
import type { WalletSigner } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };
import { fakeClient } from "./fake-client.ts";
import { show } from "./show.tsx";

const wallet: WalletSigner = { address: "0x0a", signTypedData: () => Promise.reject(new Error("not asked")) };
vi.mock("../features/wallet/use-own-wallet.ts", () => ({ useOwnWallet: () => wallet }));

const stand = (chain: "stalled" | "online" = "stalled") => act(() => useConnection.setState({ chain }));
const waits = en.line.waits;

afterEach(() => {
  cleanup();
  useConnection.setState({ chain: "online" });
  useJoin.getState().reset();
});

describe("While the chain stands still", () => {
  test("it is known from the first moment, also to somebody who has not joined", () => {
    useConnection.setState({ chain: "stalled" });
    const client = fakeClient({});
    hearChain(client);
    expect(useConnection.getState().chain).toBe("online");
    client.emit("chain", { state: "stalled", head: 7n });
    expect(useConnection.getState().chain).toBe("stalled");
  });

  test("joining says that it waits and goes on by itself, and keeps what was typed", () => {
    useJoin.setState({ screen: "progress", step: "register", name: "lin", code: "secret" });
    show(<ProgressScreen client={fakeClient({})} onJoin={() => {}} />);
    expect(screen.getByText(en.join.progress.working)).toBeTruthy();
    stand();
    expect(screen.getByText(waits)).toBeTruthy();
    expect(screen.queryByText(en.join.progress.working)).toBeNull();
    expect(useJoin.getState()).toMatchObject({ name: "lin", code: "secret" });
    stand("online");
    expect(screen.queryByText(waits)).toBeNull();
  });

  test("a wallet that is to confirm is asked first", () => {
    useJoin.setState({ screen: "progress", step: "sign-registration", walletKind: "browser" });
    show(<ProgressScreen client={fakeClient({})} onJoin={() => {}} />);
    stand();
    expect(screen.getByText(en.join.progress.confirm)).toBeTruthy();
  });

  const line = (more: Partial<Parameters<typeof StateLine>[0]>) => (
    <StateLine state="sent" reader="payer" from="Lin" name="Wei" chain={undefined} {...more} />
  );
  test.each(["signed", "sent"] as const)("a payment that is %s says so instead of a few seconds", (state) => {
    show(line({ state }));
    stand();
    expect(screen.getByRole("status").textContent).toBe(waits);
  });

  test("it says so in Chinese", () => {
    show(line({}), "zh-CN");
    stand();
    expect(screen.getByRole("status").textContent).toBe(zh.line.waits);
  });

  test.each([
    ["on another chain", { chain: "Second" }],
    ["that is final", { state: "final" }],
    ["that is held up, which nobody is to pay again", { code: "CHAIN_UNREACHABLE" }],
  ] as const)("a payment %s says what it said", (_, more) => {
    show(line(more));
    const before = screen.getByRole("status").textContent;
    stand();
    expect(screen.getByRole("status").textContent).toBe(before);
  });

  test("the certificate of a call comes later", () => {
    show(<CallCertificate certificate={{ state: "waiting", since: 0 }} />);
    expect(screen.getByRole("status").textContent).toBe(en.calls.certifying);
    stand();
    expect(screen.getByRole("status").textContent).toBe(en.calls.certifyingLater);
  });

  test("what was confirmed with a wallet waits in the open sheet, and says so", async () => {
    show(<WalletWays action="Pay" onWallet={() => new Promise(() => {})} onDone={() => {}} />);
    stand();
    expect(screen.queryByText(waits)).toBeNull();
    await act(async () => void fireEvent.click(screen.getByRole("button", { name: "Pay" })));
    expect(screen.getByText(waits)).toBeTruthy();
  });
});
