import { afterEach, expect, test } from "vitest";
import { attachRenewals, renew, useRenewals } from "../features/trust/renewal.ts";
import { PageError } from "../lib/errors.ts";
import type { Certificate, Contact, ConversationSummary } from "../lib/types.ts";
import { fakeClient } from "./fake-client.ts";

const contact: Contact = { publicId: "0x02", pseudonym: "wei", state: "connected", since: 0, verified: false };
const summary = (certificate: Certificate): ConversationSummary => ({
  id: "c",
  kind: "pair",
  contact,
  unread: 0,
  certificate,
  flags: {},
  timer: 0,
});
const state = () => useRenewals.getState().renewals["0x02"];

function open(request: (...input: unknown[]) => Promise<Contact>) {
  const client = fakeClient({ contacts: { request } });
  stop = attachRenewals(client);
  return client;
}
let stop = () => {};
afterEach(() => stop());

test("a fresh session is asked for, and over once it has begun", async () => {
  const asked: unknown[] = [];
  const client = open(async (...input) => {
    asked.push(input);
    return contact;
  });
  const asking = renew(client, "0x02");
  expect(state()).toEqual({ state: "asking" });
  await asking;
  expect(asked).toEqual([["0x02", undefined, { renew: true }]]);
  expect(state()).toMatchObject({ state: "asked" });
  // News of the present session is not the fresh one.
  client.emit("conversation", summary({ state: "waiting", since: 0 }));
  client.emit("conversation", summary({ state: "failed", code: "ANCHOR_FAILED" }));
  expect(state()).toMatchObject({ state: "asked" });
  client.emit("conversation", summary({ state: "waiting", since: Date.now() }));
  expect(state()).toBeUndefined();
});

test("a refusal says why, and leaves with the person who is in", async () => {
  const client = open(async () => {
    throw new PageError("IDENTITY_CHANGED");
  });
  await renew(client, "0x02");
  expect(state()).toEqual({ state: "failed", code: "IDENTITY_CHANGED" });
  stop();
  expect(state()).toBeUndefined();
});
