// @vitest-environment happy-dom

import { parseDraft } from "@skrumble/sdk/agreements";
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import type { ComponentProps } from "react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { inDays, sale } from "../../sdk/test/support/agreements.ts";
import { ActForm, type Acting } from "../features/agreements/act-form.tsx";
import { actsFor, paidIn, unpaid } from "../features/agreements/possible-acts.ts";
import { useAgreementWords } from "../features/agreements/use-agreement-words.ts";
import { loadAmounts } from "../lib/amounts.ts";
import type { AgreementView, ConversationAgreements } from "../lib/types.ts";
import { base, held, milestone, one, open, seen, worker } from "./agreement-views.tsx";
import { settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

vi.mock("../features/wallet/use-own-wallet.ts", async () => {
  const { wallet } = await import("./agreement-views.tsx");
  return { useOwnWallet: () => wallet };
});
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

beforeAll(loadAmounts);
afterEach(cleanup);

const nameOf = (person: string) => (person === worker.publicId ? "bob" : "somebody");
const Form = (props: Omit<ComponentProps<typeof ActForm>, "words">) => (
  <ActForm {...props} words={useAgreementWords(nameOf)} />
);

describe("what one can do", () => {
  const at = inDays(1);
  const acts = (role: string, state: Parameters<typeof milestone>[0], arbiter = false) => {
    const version = {
      ...seen().version,
      ...(arbiter ? { draft: { ...base, arbiter: { ...worker, role: "arbiter" } } } : {}),
    };
    return actsFor(seen({ ...held(state), role, version }), 0, at);
  };

  test("follows from one's role and the milestone's state", () => {
    expect(acts("client", "unfunded")).toEqual(["fund", "extend"]);
    expect(acts("freelancer", "funded")).toEqual(["submit", "extend", "refund"]);
    expect(acts("client", "submitted", true)).toEqual(["accept", "reject", "dispute"]);
    expect(acts("freelancer", "rejected", true)).toEqual(["submit", "dispute", "extend", "refund"]);
    expect(acts("arbiter", "disputed", true)).toEqual(["rule"]);
    expect(acts("arbiter", "funded", true)).toEqual([]);
    expect(acts("client", "settled")).toEqual([]);
  });

  test("changes when a time has run out", () => {
    const view = seen(held("submitted"));
    const late = { ...milestone("submitted"), timeout: { at: at - 1, outcome: "release" as const } };
    const over = { ...view, escrow: { ...(view.escrow as NonNullable<typeof view.escrow>), milestones: [late] } };
    expect(actsFor(over, 0, at)).toEqual(["accept", "settle"]);
  });

  test("stays where silence leads to nothing: the arbiter is then asked by people", () => {
    const judged = { ...base, arbiter: { ...worker, role: "arbiter" } };
    const waiting = (state: Parameters<typeof milestone>[0], role: string) => {
      const milestones = [{ ...milestone(state), timeout: { at: at - 1, outcome: "wait" as const } }];
      const escrow = { address: "0x05", step: 9n, finished: false, milestones } as const;
      return actsFor({ ...seen(held(state)), role, version: { ...seen().version, draft: judged }, escrow }, 0, at);
    };
    expect(waiting("submitted", "client")).toEqual(["accept", "reject", "dispute"]);
    expect(waiting("rejected", "freelancer")).toEqual(["submit", "dispute", "extend", "refund"]);
    expect(waiting("disputed", "arbiter")).toEqual(["rule"]);
  });

  test("all that is not paid in, in a row", () => {
    expect(unpaid(seen(held("settled", "unfunded", "unfunded")))).toEqual({ first: 1, count: 2 });
    expect(unpaid(seen(held("funded")))).toEqual({ first: 0, count: 0 });
  });
});

describe("doing one", () => {
  const bicycle = parseDraft(sale());
  const sold = (view: Partial<AgreementView>): AgreementView => {
    const version = { ...seen().version, draft: bicycle };
    return { ...seen(view), version, versions: [version], role: "buyer" };
  };
  const doing = async (
    acting: Acting,
    view: AgreementView,
    agreements: Partial<ConversationAgreements> = {},
    onDone = () => {},
    arbiterAway?: string,
  ) => {
    const { model, conversation } = open(agreements);
    const onAct: ComponentProps<typeof ActForm>["onAct"] = async (what, by) => {
      const told = await conversation.agreements.act(view.id, what, by);
      if (told) await model.follow(told);
    };
    const form = { acting, onAct, onDone, arbiterAway };
    const shown = show(<Form {...form} view={view} />);
    await act(settle);
    return (now: AgreementView) => shown.rerender(<Form {...form} view={now} />);
  };

  test("says what of an instalment is gone at once", async () => {
    expect(paidIn(bicycle, 0, 2)).toEqual({ paid: 2n * one, atOnce: (one * 175n) / 100n });
    expect(paidIn(base, 0, 3)).toEqual({ paid: 6n * one, atOnce: 0n });
    await doing({ do: "fund", index: 0, count: 2 }, sold(held("unfunded", "unfunded")));
    expect(
      screen.getByText("1.75 GAS goes to the Seller at once and cannot be taken back; 0.25 GAS stays in escrow."),
    ).toBeTruthy();
  });

  test("puts no division into anybody's mouth", async () => {
    await doing({ do: "cancel", index: 0, count: 1 }, seen(held("funded")));
    expect(screen.getByRole<HTMLInputElement>("textbox").value).toBe("");
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "End it together" }).disabled).toBe(true);
    cleanup();
    await doing({ do: "rule", index: 0, count: 1 }, seen({ ...held("disputed"), role: "arbiter" }));
    expect(screen.getByRole<HTMLInputElement>("textbox").value).toBe("");
  });

  test("is of what was on the screen when it was opened", async () => {
    const asked = vi.fn(async () => textMessage("p", 2));
    const again = await doing({ do: "accept", index: 0, count: 1 }, seen(held("submitted")), { act: asked });
    const moved = seen(held("submitted"));
    for (const one of moved.escrow?.milestones ?? []) one.step = 2n;
    again(moved);
    again(seen(held("settled")));
    fireEvent.click(screen.getByRole("button", { name: "Pay out 1 SKM" }));
    await act(settle);
    expect(asked).toHaveBeenCalledWith(
      "m",
      { do: "accept", index: 0, amount: one },
      expect.objectContaining({ seen: 1n }),
    );
  });

  test("is not pressed twice: what is signed goes on by itself", async () => {
    const act = vi.fn(() => Promise.reject(Object.assign(new Error(), { code: "ESCROW_UNDER_WAY" })));
    const onDone = vi.fn();
    await doing({ do: "fund", index: 0, count: 1 }, seen(held("unfunded")), { act }, onDone);
    fireEvent.click(screen.getByRole("button", { name: "Pay in 1 SKM" }));
    await vi.waitFor(() => expect(onDone).toHaveBeenCalled());
  });

  test("agrees to exactly what the other side has agreed to", async () => {
    const asked = vi.fn(async () => textMessage("p", 2));
    const agree = { do: "extend", index: 0, due: inDays(20) + 60 } as const;
    await doing({ do: "extend", index: 0, count: 1, agree }, seen(held("funded")), { act: asked });
    expect(document.querySelector("input")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Agree to the date" }));
    await settle();
    expect(asked).toHaveBeenCalledWith("m", agree, expect.anything());
    cleanup();
    const end = { do: "cancel", toPayee: 123n } as const;
    await doing({ do: "cancel", index: 0, count: 1, agree: end }, seen(held("funded")), { act: asked });
    expect(document.querySelector("input")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Agree to end it" }));
    await settle();
    expect(asked).toHaveBeenCalledWith("m", end, expect.anything());
  });

  test("before a dispute, says that the arbiter hears nothing of it", async () => {
    await doing({ do: "dispute", index: 0, count: 1 }, seen(held("submitted")), {}, () => {}, "judy");
    expect(screen.getByRole("note").textContent).toMatch(/^judy is not in this conversation/);
  });
});
