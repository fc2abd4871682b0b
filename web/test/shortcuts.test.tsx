// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { useState } from "react";
import { flushSync } from "react-dom";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useCalls } from "../features/calls/model.ts";
import { useShortcuts } from "../features/calls/shortcuts.ts";
import type { Call, CallSnapshot } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import { Sheet } from "../ui/sheet.tsx";

const snapshot = { muted: false, cameraOn: true, state: "connected" } as CallSnapshot;

function InCall() {
  const [open, setOpen] = useState(true);
  useShortcuts({} as Call, snapshot);
  return open ? (
    // A browser lets React finish between two listeners of one key press.
    <Sheet open onClose={() => flushSync(() => setOpen(false))} title="Devices">
      <button type="button">Inside</button>
    </Sheet>
  ) : null;
}

beforeEach(() => useCalls.setState({ shrunk: false }));
afterEach(cleanup);

test("Escape closes the sheet first, and only the next one leads back to the chat", () => {
  render(
    <NextIntlClientProvider locale="en" messages={en} timeZone="UTC">
      <InCall />
    </NextIntlClientProvider>,
  );
  fireEvent.keyDown(screen.getByRole("button", { name: "Inside" }), { key: "Escape" });
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(useCalls.getState().shrunk).toBe(false);
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(useCalls.getState().shrunk).toBe(true);
});
