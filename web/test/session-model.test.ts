import { expect, test, vi } from "vitest";
import type { Client } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";

const opening: { resolve(client: Client): void; reject(error: unknown): void }[] = [];
vi.mock("../lib/client.ts", () => ({
  connectClient: () => new Promise((resolve, reject) => opening.push({ resolve, reject })),
}));
vi.mock("../lib/links.ts", () => ({ loadLinkCheck: async () => {} }));
vi.mock("../lib/amounts.ts", () => ({ loadAmounts: async () => {} }));
vi.stubGlobal("location", { pathname: "/chats/", hostname: "relay.example" });

const { startSession, useSession } = await import("../features/session/model.ts");
const { leadTab } = await import("../features/session/lead-tab.ts");
const status = () => useSession.getState().session.status;

test("a tab that loses the lead while it opens closes what it opened, and says who has it", async () => {
  const started = startSession();
  await vi.waitFor(() => expect(opening).toHaveLength(1));
  const other = await leadTab({ steal: true, onLost: async () => {} });
  expect(status()).toBe("starting");
  const close = vi.fn(async () => {});
  opening[0]?.resolve(fakeClient({ client: { identity: undefined, close } }));
  await started;
  expect(close).toHaveBeenCalledOnce();
  // The one that leads does not answer.
  await vi.waitFor(() => expect(status()).toBe("elsewhere"), 5_000);
  other?.release();
});

test("what goes wrong in a tab that has lost the lead is not its trouble any more", async () => {
  // Nobody led any more: this one did, by itself.
  await vi.waitFor(() => expect(opening).toHaveLength(2), 5_000);
  const other = await leadTab({ steal: true, onLost: async () => {} });
  opening[1]?.reject(new Error("the store was taken over"));
  await vi.waitFor(() => expect(status()).toBe("elsewhere"), 5_000);
  other?.release();
});
