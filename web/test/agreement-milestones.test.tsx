// @vitest-environment happy-dom

import { cleanup, fireEvent, screen } from "@testing-library/react";
import type { ComponentProps } from "react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { inDays } from "../../sdk/test/support/agreements.ts";
import { Differences } from "../features/agreements/changes-tab.tsx";
import { MilestonesTab } from "../features/agreements/milestones-tab.tsx";
import { useAgreementWords } from "../features/agreements/use-agreement-words.ts";
import { loadAmounts } from "../lib/amounts.ts";
import type { AgreementView } from "../lib/types.ts";
import { base, held, one, open, seen, worker } from "./agreement-views.tsx";
import { show } from "./show.tsx";

beforeAll(loadAmounts);
afterEach(cleanup);

const nameOf = (person: string) => (person === worker.publicId ? "bob" : "somebody");
const Tab = (props: Omit<ComponentProps<typeof MilestonesTab>, "words">) => (
  <MilestonesTab {...props} words={useAgreementWords(nameOf)} />
);
const Changes = (props: Omit<ComponentProps<typeof Differences>, "words">) => (
  <Differences {...props} words={useAgreementWords(nameOf)} />
);

describe("the milestones", () => {
  const tab = (view: AgreementView, onAct = vi.fn()) => {
    open();
    show(<Tab view={view} arbiterAway={undefined} onAct={onAct} />);
    return onAct;
  };
  const buttons = () => screen.queryAllByRole("button").map(({ textContent }) => textContent);

  test("show what is under way in the place of the buttons", () => {
    const pending = [
      { message: "q", act: { do: "fund", first: 0, count: 2 }, at: "chain", until: Date.now() + 1000 },
    ] as const;
    tab(seen({ ...held("unfunded", "unfunded", "unfunded"), pending: [...pending] }));
    expect(screen.getAllByText("Pay in: under way. It goes on by itself.")).toHaveLength(2);
    expect(buttons()).toEqual(["Later date", "End it together"]);
  });

  test("may still be paid where the wallet was asked and nobody has seen the money: it is not offered again", () => {
    const act = { do: "fund", first: 0, count: 1 } as const;
    const pending = [{ message: "q", act, at: "chain", until: Date.now() + 1000, doubt: true }] as const;
    tab(seen({ ...held("unfunded", "unfunded"), pending: [...pending] }));
    expect(screen.getByText("May still come")).toBeTruthy();
    expect(screen.getAllByText("Not paid in")).toHaveLength(1);
    expect(screen.getByText(/^Pay in: your wallet was asked to send it and may have done so/)).toBeTruthy();
    expect(buttons().filter((name) => name?.startsWith("Pay in"))).toEqual([]);
  });

  test("are not decided by what was before a message that has just come", () => {
    tab(seen({ ...held("funded"), behind: true }));
    for (const button of screen.getAllByRole("button"))
      expect(button.matches(":disabled, fieldset:disabled *")).toBe(true);
    cleanup();
    tab(seen(held("funded")));
    for (const button of screen.getAllByRole("button"))
      expect(button.matches(":disabled, fieldset:disabled *")).toBe(false);
  });

  test("are paid in their order", () => {
    tab(seen(held("unfunded", "funded", "unfunded")));
    expect(buttons().filter((name) => name === "Pay in")).toHaveLength(1);
  });

  test("show what the other side agrees to, and agree to that with one button", () => {
    const consent = { message: "q", from: worker.publicId, until: Date.now() + 3_600_000 };
    const extend = { do: "extend", index: 0, due: inDays(20) } as const;
    const cancel = { do: "cancel", toPayee: one } as const;
    const consents = [
      { ...consent, act: extend },
      { ...consent, message: "r", act: cancel },
    ];
    const onAct = tab(seen({ ...held("funded"), consents }));
    expect(screen.getByText(/^bob agrees to end it with 1 SKM to the Freelancer/)).toBeTruthy();
    const [first, second] = screen.getAllByRole("button", { name: "Agree to this" }) as [HTMLElement, HTMLElement];
    fireEvent.click(first);
    expect(onAct).toHaveBeenLastCalledWith({ do: "extend", index: 0, count: 1, agree: extend });
    fireEvent.click(second);
    expect(onAct).toHaveBeenLastCalledWith({ do: "cancel", index: 0, count: 1, agree: cancel });
    cleanup();
    tab(
      seen({
        ...held("funded"),
        consents: consents.map((mine) => ({ ...mine, from: base.parties[0]?.publicId ?? "0x" })),
      }),
    );
    expect(screen.getByText(/^You agreed to end it with 1 SKM/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Agree to this" })).toBeNull();
  });

  test("offer what lies loose to whoever paid", () => {
    const onAct = tab(seen({ ...held("settled"), loose: one }));
    fireEvent.click(screen.getByRole("button", { name: "Take back" }));
    expect(onAct).toHaveBeenLastCalledWith({ do: "sweep", index: 0, count: 1 });
    cleanup();
    tab(seen({ ...held("settled"), loose: one, role: "freelancer" }));
    expect(screen.queryByRole("button", { name: "Take back" })).toBeNull();
  });
});

describe("a change of what is paid in", () => {
  const shown = (before: string, after: string) => {
    open();
    show(<Changes version={{ draft: base, changes: [{ what: "asset", before, after }] }} />);
    return [...document.querySelectorAll("del, ins")].map(({ textContent }) => textContent);
  };

  test("shows the tokens that call themselves the same", () => {
    const [real, fake] = [`0x${"5c".repeat(20)}`, `0x${"fa".repeat(20)}`];
    expect(shown(`SKM ${real} 18`, `SKM ${fake} 18`)).toEqual([`SKM\n${real}`, `SKM\n${fake}`]);
    cleanup();
    expect(shown(`SKM ${real} 18`, `SKM ${real} 6`)).toEqual(["SKM\n18 decimal places", "SKM\n6 decimal places"]);
  });
});
