// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { createRef } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { FileInput } from "../ui/file-input.tsx";
import { show } from "./show.tsx";

afterEach(cleanup);

test("a file is handed on and forgotten, so that the same one can be chosen again; none is no file", () => {
  const onFile = vi.fn();
  const ref = createRef<HTMLInputElement>();
  show(<FileInput ref={ref} label="Picture" accept="image/*" onFile={onFile} />);
  const input = screen.getByLabelText("Picture") as HTMLInputElement;
  expect(ref.current).toBe(input);
  const forgotten = vi.spyOn(input, "value", "set");
  const file = new File(["x"], "x.png");
  for (const files of [[file], [file], []]) fireEvent.change(input, { target: { files } });
  expect(onFile.mock.calls).toEqual([[file], [file]]);
  expect(forgotten.mock.calls).toEqual([[""], [""], [""]]);
});
