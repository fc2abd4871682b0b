// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { Field } from "../ui/field.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { settle } from "./fake-client.ts";
import { show } from "./show.tsx";

afterEach(cleanup);

function Opener({ typing }: { typing: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Open
      </button>
      <Sheet open={open} onClose={() => setOpen(false)} title="A sheet">
        <Field label="Typed" autoFocus={typing} />
      </Sheet>
    </>
  );
}

test.each([true, false])(
  "a sheet gives the keyboard back to who opened it; a field that wants it has it: %s",
  async (typing) => {
    show(<Opener typing={typing} />);
    const opener = screen.getByRole("button", { name: "Open" });
    opener.focus();
    await act(async () => void fireEvent.click(opener));
    await act(settle);
    expect(document.activeElement).toBe(typing ? screen.getByLabelText("Typed") : screen.getByRole("dialog"));
    await act(async () => void fireEvent.keyDown(document.activeElement as Element, { key: "Escape" }));
    // The dialog gives it back a task later, once it is gone.
    await vi.waitFor(() => expect(document.activeElement).toBe(opener));
  },
);
