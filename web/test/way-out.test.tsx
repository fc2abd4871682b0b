// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useCalls } from "../features/calls/model.ts";
import { useSession } from "../features/session/model.ts";
import { Notifier } from "../features/shell/notifier.tsx";
import en from "../messages/en.json" with { type: "json" };
import { Toaster } from "../ui/toaster.tsx";
import { fakeClient } from "./fake-client.ts";
import { show } from "./show.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
afterEach(cleanup);

function open() {
  const client = fakeClient({});
  useSession.setState({ session: { status: "joined", client, identity: {} as never } });
  show(
    <>
      <Toaster />
      <Notifier />
    </>,
  );
  return client;
}

test("a video call that the own tier does not have leads to where one sees what is missing", async () => {
  open();
  act(() => useCalls.setState({ startError: "CALL_BUSY" }));
  expect(await screen.findByText(en.errors.CALL_BUSY)).toBeTruthy();
  expect(screen.queryByRole("button", { name: en.me.seeMissing })).toBeNull();
  act(() => useCalls.setState({ startError: "VIDEO_NOT_IN_TIER" }));
  expect(await screen.findByText(en.errors.VIDEO_NOT_IN_TIER)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: en.me.seeMissing }));
  expect(push).toHaveBeenCalledWith("/me/#membership");
});

test("so does a backup that waits because the tier fell", async () => {
  const client = open();
  act(() => client.emit("problem", { code: "BACKUP_TIER_FELL", at: 0 }));
  const said = (await screen.findByText(en.errors.BACKUP_TIER_FELL)).closest("li") as HTMLElement;
  expect(within(said).getByRole("button", { name: en.me.seeMissing })).toBeTruthy();
});

test("a call that could not start is said once", async () => {
  open();
  act(() => useCalls.setState({ startError: "CALL_BUSY" }));
  expect(await screen.findByText(en.errors.CALL_BUSY)).toBeTruthy();
  expect(useCalls.getState().startError).toBeUndefined();
});
