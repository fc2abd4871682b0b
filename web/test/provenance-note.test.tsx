// @vitest-environment happy-dom
import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import ProvenanceNote from "../features/me/provenance-note.tsx";
import { useSession } from "../features/session/model.ts";
import type { Language } from "../lib/language.ts";
import type { Provenance } from "../lib/types.ts";
import en from "../messages/late/en.json" with { type: "json" };
import zh from "../messages/late/zh-CN.json" with { type: "json" };
import { fakeClient } from "./fake-client.ts";
import { show } from "./show.tsx";

afterEach(cleanup);

async function note(provenance: () => Promise<Provenance>, language: Language = "en") {
  const client = fakeClient({ client: { provenance, identity: {} as never } });
  useSession.setState({ session: { status: "joined", client, identity: {} as never } });
  const { container } = show(<ProvenanceNote />, language);
  await act(async () => {});
  return container.textContent;
}

test.each(["no-seals", "few-validators", "one-operator"] as const)("says once what is not proven: %s", async (why) => {
  expect(await note(async () => why)).toBe(en.provenance[why]);
  expect(screen.queryAllByRole("alert")).toEqual([]);
  cleanup();
  expect(await note(async () => why, "zh-CN")).toBe(zh.provenance[why]);
});

test("says nothing where names and balances are proven, or nobody can say", async () => {
  expect(await note(async () => "proven")).toBe("");
  cleanup();
  expect(await note(() => Promise.reject(new Error("closed")))).toBe("");
});
