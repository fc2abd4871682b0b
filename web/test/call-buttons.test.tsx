// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CallButtons } from "../features/calls/call-buttons.tsx";
import { attachCalls, useCalls } from "../features/calls/model.ts";
import { useSession } from "../features/session/model.ts";
import { PageError } from "../lib/errors.ts";
import type { Client, Contact } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };
import { TipProvider } from "../ui/tip.tsx";
import { fakeClient } from "./fake-client.ts";

vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

const contact: Contact = { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false };
const identity = { pseudonym: "lin", publicId: "0x01", wallet: "0x0a", keyVersion: 1, deviceKey: "0x0b" } as const;

let detach = () => {};
function show(calls: Partial<Client["calls"]>, locale: "en" | "zh-CN" = "en"): void {
  const client = fakeClient({ calls });
  useSession.setState({ session: { status: "joined", client, identity } });
  detach = attachCalls(client);
  render(
    <NextIntlClientProvider locale={locale} messages={locale === "en" ? en : zh} timeZone="UTC">
      <TipProvider>
        <CallButtons contact={contact} />
      </TipProvider>
    </NextIntlClientProvider>,
  );
}

beforeEach(() => useCalls.setState({ startError: undefined }));
afterEach(() => {
  detach();
  cleanup();
});

test("the video button is plain where both tiers have video", async () => {
  const videoProblem = vi.fn(async () => undefined);
  show({ videoProblem });
  await waitFor(() => expect(videoProblem).toHaveBeenCalledWith("0x02"));
  expect(screen.getByRole("button", { name: "Video call" })).toBeTruthy();
});

test("it says which tier is in the way and what to do, in both languages", async () => {
  show({ videoProblem: async () => "VIDEO_NOT_IN_TIER" });
  const button = await screen.findByRole("button", { name: /^No video call\. Your tier .*hold more SKM/ });
  expect(button).toHaveProperty("disabled", false);
  cleanup();
  show({ videoProblem: async () => "VIDEO_NOT_IN_THEIR_TIER" }, "zh-CN");
  expect(await screen.findByRole("button", { name: /^不能视频通话。对方的会员等级/ })).toBeTruthy();
});

test("pressed all the same, the refusal is kept for the person to read", async () => {
  const start = vi.fn(() => Promise.reject(new PageError("VIDEO_NOT_IN_TIER")));
  show({ videoProblem: async () => "VIDEO_NOT_IN_TIER", start });
  fireEvent.click(await screen.findByRole("button", { name: /^No video call/ }));
  await waitFor(() => expect(useCalls.getState().startError).toBe("VIDEO_NOT_IN_TIER"));
});
