// @vitest-environment happy-dom

import { templateOf } from "@skrumble/sdk/agreements";
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { dayIn, draftOf, emptyForm, formOf } from "../features/agreements/form.ts";
import WriteSheet from "../features/agreements/write-sheet.tsx";
import { loadAmounts } from "../lib/amounts.ts";
import type { AgreementView } from "../lib/types.ts";
import { asset, base, client, group, kept, open, seen, worker } from "./agreement-views.tsx";
import { settle, textMessage } from "./fake-client.ts";
import { show } from "./show.tsx";

vi.mock("../features/wallet/use-own-wallet.ts", async () => {
  const { wallet } = await import("./agreement-views.tsx");
  return { useOwnWallet: () => wallet };
});
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

beforeAll(loadAmounts);
beforeEach(() => {
  kept.clear();
  vi.stubGlobal("fetch", async () => Response.json({ chainId: base.chainId, name: "here" }));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("the form", () => {
  const filling = { me: client, others: [worker], arbiter: undefined, asset };

  test("of a draft gives the same draft again, to the second", () => {
    const again = draftOf(formOf(base, client.publicId), filling);
    if ("problem" in again) throw new Error(again.problem);
    expect({ ...again.draft, salt: base.salt }).toEqual(base);
    // As it comes back after the tab was closed, here in another time zone: no day there is the one that stands in it.
    const kept = JSON.parse(JSON.stringify({ ...formOf(base, client.publicId), signBy: dayIn(1) }));
    expect(draftOf(kept, filling)).toMatchObject({ draft: { signBy: base.signBy } });
  });

  test("takes a day that was typed, until its end here", async () => {
    const version = seen().version;
    const { model } = open();
    show(<WriteSheet model={model} summary={group} changing={seen()} onClose={() => {}} />);
    await act(settle);
    const day = dayIn(20);
    fireEvent.change((await screen.findAllByLabelText("Hand in by"))[2] as HTMLElement, { target: { value: day } });
    fireEvent.click(screen.getByRole("button", { name: "Read it" }));
    await screen.findByRole("button", { name: "Propose the change" });
    const [before, now] = [...document.querySelectorAll("dl del, dl ins")].map(({ textContent }) => textContent);
    expect(version.draft.money?.milestones).toHaveLength(3);
    expect(before).toContain("Final");
    expect(now).toContain("11:59");
    expect(document.querySelectorAll("dl > div")).toHaveLength(1);
  });

  test("changes what was read when it was opened, and says so when that does not count any more", async () => {
    const change = vi.fn(async () => textMessage("p", 2));
    const { model } = open({ change });
    const sheet = (changing: AgreementView) => (
      <WriteSheet model={model} summary={group} changing={changing} onClose={() => {}} />
    );
    const { rerender } = show(sheet(seen()));
    await act(settle);
    fireEvent.change(await screen.findByLabelText("The job"), { target: { value: "Two logos" } });
    const newer = {
      ...seen().version,
      id: "n",
      number: 2,
      draft: { ...base, values: { ...base.values, job: "A flag" } },
    };
    rerender(sheet(seen({ version: newer, versions: [seen().version, newer] })));
    expect(screen.getByLabelText<HTMLInputElement>("The job").value).toBe("Two logos");
    expect(screen.getByText(/^There is a newer version/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>("button", { name: "Read it" }).disabled).toBe(true);
  });

  test("names the first field that is not right yet", () => {
    const form = emptyForm(templateOf(base), "en", [worker.publicId]);
    const problem = (change: object) => draftOf({ ...form, ...change }, filling);
    expect(problem({})).toEqual({ problem: "values.job" });
    const filled = { values: base.values };
    expect(problem(filled)).toEqual({ problem: "money.milestones.0.title" });
    const milestones = [{ title: "Sketch", amount: "1.5", due: form.milestones[0]?.due ?? "" }];
    expect(problem({ ...filled, milestones })).toEqual({ problem: "money.rules.onNoSubmission" });
    expect(problem({ ...filled, milestones: [{ ...milestones[0], amount: "-1" }] })).toEqual({
      problem: "money.milestones.0.amount",
    });
    expect(problem({ ...filled, milestones, signBy: "2001-01-01" })).toEqual({ problem: "signBy" });
    const outcomes = { onNoSubmission: "refund", onNoReview: "release", onRejection: "split" };
    expect(problem({ ...filled, milestones, outcomes, share: "101" })).toEqual({
      problem: "money.rules.fallbackShare",
    });
    expect(problem({ ...filled, milestones, outcomes, signBy: milestones[0]?.due })).toEqual({
      problem: "money.milestones.0.due",
    });
    const good = problem({ ...filled, milestones, outcomes, share: "12.5" });
    expect(good).toMatchObject({
      draft: { money: { rules: { fallbackShare: 1250 }, milestones: [{ amount: 15n * 10n ** 17n }] } },
    });
  });

  test("is there again when the page was closed", async () => {
    const { model } = open();
    const sheet = () => show(<WriteSheet model={model} summary={group} onClose={() => {}} />);
    sheet();
    await act(settle);
    fireEvent.click(await screen.findByRole("button", { name: /Plain agreement/ }));
    fireEvent.change(await screen.findByLabelText("Subject"), { target: { value: "The garden" } });
    await act(settle);
    cleanup();
    sheet();
    await act(settle);
    expect((await screen.findByLabelText<HTMLInputElement>("Subject")).value).toBe("The garden");
  });

  test("proposes what was read through", async () => {
    const propose = vi.fn(async () => textMessage("p", 2));
    const { model } = open({ propose });
    const onClose = vi.fn();
    show(<WriteSheet model={model} summary={group} onClose={onClose} />);
    await act(settle);
    fireEvent.click(await screen.findByRole("button", { name: /Plain agreement/ }));
    fireEvent.change(await screen.findByLabelText("Subject"), { target: { value: "The garden" } });
    fireEvent.change(screen.getByLabelText("What is agreed"), { target: { value: "We water it in turns." } });
    fireEvent.click(screen.getByRole("button", { name: "Read it" }));
    fireEvent.click(await screen.findByRole("button", { name: "Propose" }));
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(propose).toHaveBeenCalledWith(
      expect.objectContaining({ template: "plain", values: { subject: "The garden", text: "We water it in turns." } }),
    );
    expect(kept.size).toBe(0);
  });

  test("keeps hours that are no whole days", () => {
    const rules = base.money && { ...base.money.rules, reviewTime: 5 * 3600, responseTime: 36 * 3600 };
    const odd = { ...base, money: base.money && rules && { ...base.money, rules } };
    expect(draftOf(formOf(odd, client.publicId), filling)).toMatchObject({ draft: { money: { rules } } });
  });

  test("leads to what is not right yet", async () => {
    const { model } = open();
    show(<WriteSheet model={model} summary={group} onClose={() => {}} />);
    await act(settle);
    fireEvent.click(await screen.findByRole("button", { name: /Freelance hire/ }));
    fireEvent.click(screen.getByRole("button", { name: "Read it" }));
    await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText("The job")));
  });

  test("of a plain agreement needs nothing of the wallet; any other says what it waits for", async () => {
    const { model } = open({}, { holdings: () => new Promise(() => {}) });
    show(<WriteSheet model={model} summary={group} onClose={() => {}} />);
    await act(settle);
    fireEvent.click(await screen.findByRole("button", { name: /Freelance hire/ }));
    const read = () => screen.getByRole<HTMLButtonElement>("button", { name: "Read it" });
    expect(read().disabled).toBe(true);
    expect(screen.getByText("Your wallet is being asked what it can pay with.")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Back" }));
    fireEvent.click(await screen.findByRole("button", { name: /Plain agreement/ }));
    expect(read().disabled).toBe(false);
  });

  test("is none where nobody else is", async () => {
    const { model } = open();
    const alone = { ...group, group: { ...group.group, people: group.group.people.slice(0, 1) } };
    show(<WriteSheet model={model} summary={alone} onClose={() => {}} />);
    expect(await screen.findByText("An agreement takes at least two people. Invite somebody first.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Plain agreement/ })).toBeNull();
  });

  test("says that an arbiter who is not here can decide nothing here", async () => {
    const { model } = open();
    const three = {
      ...group.group,
      people: [...group.group.people, { ...group.group.people[0], publicId: "0x0c", pseudonym: "carol" }],
    };
    show(<WriteSheet model={model} summary={{ ...group, group: three } as typeof group} onClose={() => {}} />);
    await act(settle);
    fireEvent.click(await screen.findByRole("button", { name: /Freelance hire/ }));
    fireEvent.click(await screen.findByRole("radio", { name: "bob" }));
    const arbiter = screen.getByLabelText<HTMLInputElement>("Arbiter (optional)");
    fireEvent.change(arbiter, { target: { value: "judy" } });
    expect(screen.getByText(/^judy is not in this conversation/)).toBeTruthy();
    fireEvent.change(arbiter, { target: { value: "" } });
    fireEvent.click(screen.getByRole("button", { name: "carol" }));
    expect(arbiter.value).toBe("carol");
    expect(screen.queryByText(/is not in this conversation/)).toBeNull();
  });
});
