// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Gate } from "../features/session/gate.tsx";
import { useSession } from "../features/session/model.ts";
import en from "../messages/en.json" with { type: "json" };
import { show } from "./show.tsx";

const coded = (code: string) => Object.assign(new Error(code), { code });
const button = (name: string) => screen.getByRole("button", { name });

afterEach(cleanup);

describe("a damaged store", () => {
  const beginAnew = vi.fn<() => Promise<void>>();
  beforeEach(() => {
    beginAnew.mockReset();
    useSession.setState({ session: { status: "broken", code: "STORE_CORRUPT" }, beginAnew });
  });

  test("is not hidden by a page for newcomers, and begins anew only after a question", async () => {
    show(<Gate open={["starting", "newcomer", "broken"]}>Welcome</Gate>);
    expect(await screen.findByRole("heading", { name: en.gate.damagedTitle })).toBeTruthy();
    expect(screen.queryByText("Welcome")).toBeNull();
    fireEvent.click(button(en.gate.anew));
    const question = await screen.findByRole("dialog");
    for (const point of [en.gate.anewName, en.gate.anewBack, en.gate.anewWallet]) within(question).getByText(point);
    expect(beginAnew).not.toHaveBeenCalled();
    beginAnew.mockRejectedValueOnce(coded("ALREADY_OPEN"));
    fireEvent.click(within(question).getByRole("button", { name: en.gate.anewAction }));
    expect((await within(question).findByRole("alert")).textContent).toBe(en.errors.ALREADY_OPEN);
    beginAnew.mockResolvedValueOnce();
    fireEvent.click(within(question).getByRole("button", { name: en.gate.anewAction }));
    await waitFor(() => expect(beginAnew).toHaveBeenCalledTimes(2));
  });

  test("is told from everything else that may be wrong", async () => {
    useSession.setState({ session: { status: "broken", code: "NETWORK_UNREACHABLE" } });
    const { rerender } = show(<Gate open={["broken"]}>Welcome</Gate>);
    expect(screen.getByText("Welcome")).toBeTruthy();
    rerender(<Gate open={["joined"]}>Chats</Gate>);
    expect(screen.getByRole("heading", { name: en.gate.brokenTitle })).toBeTruthy();
    expect(screen.queryByRole("button", { name: en.gate.anew })).toBeNull();
  });
});
