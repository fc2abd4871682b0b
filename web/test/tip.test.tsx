// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import en from "../messages/en.json" with { type: "json" };
import { IconButton } from "../ui/icon-button.tsx";
import { Sheet } from "../ui/sheet.tsx";
import { settle } from "./fake-client.ts";
import { show } from "./show.tsx";

afterEach(cleanup);

function Opener() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label="More" onClick={() => setOpen(true)} />
      <Sheet open={open} onClose={() => setOpen(false)} title="A sheet">
        <input aria-label="Typed" />
      </Sheet>
    </>
  );
}

const opener = () => screen.getByRole("button", { name: "More" });
/** The words of the tip, which the button says of itself only by its name. */
const tip = () => screen.queryByText("More");
const press = async (element: Element) => {
  await act(async () => {
    fireEvent.pointerDown(element);
    fireEvent.pointerUp(element);
    (element as HTMLElement).focus();
    fireEvent.click(element);
  });
  await act(settle);
};
const key = (element: Element, name: string) => act(async () => void fireEvent.keyDown(element, { key: name }));

test("a tip is shown where the keyboard goes, not where a click puts it", async () => {
  show(<Opener />);
  await key(document.body, "Tab");
  await act(async () => opener().focus());
  expect(tip()).toBeTruthy();
  await act(async () => opener().blur());
  expect(tip()).toBeNull();
  await act(async () => void fireEvent.pointerDown(document.body));
  await act(async () => opener().focus());
  expect(tip()).toBeNull();
});

test("a sheet that is closed by a click gives the keyboard back without a tip, whatever was typed in it", async () => {
  show(<Opener />);
  await press(opener());
  await key(screen.getByLabelText("Typed"), "a");
  await press(screen.getByRole("button", { name: en.common.close }));
  await waitFor(() => expect(document.activeElement).toBe(opener()));
  expect(tip()).toBeNull();
});

test("closed by a key it gives it back with the tip", async () => {
  show(<Opener />);
  await press(opener());
  await key(document.activeElement as Element, "Escape");
  await act(settle);
  await waitFor(() => expect(document.activeElement).toBe(opener()));
  expect(tip()).toBeTruthy();
});
