// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { afterEach, expect, test } from "vitest";
import { CallScreen } from "../features/calls/call-screen.tsx";
import type { Call, CallSnapshot } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import zh from "../messages/zh-CN.json" with { type: "json" };
import { TipProvider } from "../ui/tip.tsx";

afterEach(cleanup);

const ended: CallSnapshot = {
  id: "00".repeat(16),
  contact: { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false },
  direction: "out",
  video: false,
  state: "ended",
  end: { reason: "failed", code: "CALL_UNREACHABLE" },
  startedAt: 0,
  muted: false,
  cameraOn: false,
  remote: { muted: false, cameraOn: false },
  relayedOnly: false,
  certificate: { state: "waiting", since: 0 },
};

test.each([
  ["en", en, "Call again"],
  ["zh-CN", zh, "再拨"],
] as const)(
  "the call screen says that no relay took the call, and offers another try (%s)",
  (locale, messages, again) => {
    render(
      <NextIntlClientProvider locale={locale} messages={messages} timeZone="UTC">
        <TipProvider>
          <CallScreen call={{ localStream: undefined, remoteStream: undefined } as unknown as Call} snapshot={ended} />
        </TipProvider>
      </NextIntlClientProvider>,
    );
    expect(screen.getByText(messages.errors.CALL_UNREACHABLE)).toBeTruthy();
    expect(screen.getByRole("button", { name: again })).toBeTruthy();
  },
);
