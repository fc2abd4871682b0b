// @vitest-environment happy-dom

import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { useConnection } from "../features/shell/connection.ts";
import { loadAmounts } from "../lib/amounts.ts";
import type { AgreementStep, PairSummary } from "../lib/types.ts";
import en from "../messages/en.json" with { type: "json" };
import late from "../messages/late/en.json" with { type: "json" };
import { base, card, client, fail, group, held, seen, tell, wallet, worker } from "./agreement-views.tsx";

vi.mock("../features/wallet/use-own-wallet.ts", async () => {
  const { wallet } = await import("./agreement-views.tsx");
  return { useOwnWallet: () => wallet };
});
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

beforeAll(loadAmounts);
afterEach(cleanup);

const proposed: AgreementStep = { did: "proposed", draft: base };

describe("the card of a proposal", () => {
  test("says what it is about, how much it is, and that it is one's turn", async () => {
    await card(proposed);
    await tell(seen());
    const article = screen.getByRole("article", { name: "Agreement from bob: Freelance hire" });
    expect(within(article).getByText("6 SKM")).toBeTruthy();
    expect(within(article).getByRole("status").textContent).toMatch(/^Read it and sign/);
    expect(within(article).getByRole("button", { name: "Read and sign" })).toBeTruthy();
  });

  test("in Chinese too; then whose turn it is, that it holds, and that another one is newer", async () => {
    await card(proposed, {}, "zh-CN");
    const status = () => screen.getByRole("article").querySelector("[role=status]")?.textContent;
    await tell(
      seen({
        signatures: [
          { party: client, state: "signed", at: 1 },
          { party: worker, state: "missing" },
        ],
        state: "signing",
      }),
    );
    expect(status()).toBe("等待 bob 签署。");
    await tell(seen(held("settled", "funded", "unfunded")));
    expect(status()).toBe("协议已生效，已结清 1/3 个阶段。");
    const newer = { ...seen().version, id: "n", number: 2 };
    await tell(seen({ version: newer, versions: [seen().version, newer] }));
    expect(status()).toBe("已有新的版本。");
  });

  test("signed by all, waits while the chain stands still, and says so", async () => {
    await card(proposed);
    const status = () => screen.getByRole("article").querySelector("[role=status]")?.textContent;
    await tell(seen({ state: "recording" }));
    expect(status()).toBe(late.agreements.says.recording);
    act(() => useConnection.setState({ chain: "stalled" }));
    expect(status()).toBe(en.line.waits);
    act(() => useConnection.setState({ chain: "online" }));
    expect(status()).toBe(late.agreements.says.recording);
  });
});

describe("a card that is not what it looks like", () => {
  test("says that the token only calls itself so", async () => {
    await card(proposed);
    await tell(seen());
    expect(screen.queryByText("Not listed")).toBeNull();
    await tell(seen({ unlisted: true }));
    expect(within(screen.getByRole("article")).getByText("Not listed")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Read and sign" }));
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).getByRole("note").textContent).toContain("Any token can call itself that.");
    expect(within(sheet).getByRole("note").textContent).toContain(base.money?.asset.token);
  });

  test("does not look for ever", async () => {
    await card(proposed);
    await fail("MESSAGE_UNKNOWN");
    expect(screen.getByText("Not an agreement of people in this conversation.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Open" })).toBeNull();
    cleanup();
    await card({ did: "signed", version: "m" });
    await fail("MESSAGE_UNKNOWN");
    expect(screen.getByText("Not an agreement of people in this conversation.")).toBeTruthy();
    cleanup();
    await card(proposed);
    await fail("CHAIN_UNREACHABLE");
    expect(screen.getByRole("article").querySelector("[role=status]")?.textContent).not.toBe("Looking it up.");
    await tell(seen());
    expect(screen.getByRole("article").querySelector("[role=status]")?.textContent).toMatch(/^Read it and sign/);
  });

  test("counts whoever said its text first, or claims to have", async () => {
    await card(proposed);
    const version = { ...seen().version, id: "again" };
    await tell(seen({ version, versions: [version], texts: { m: "again", again: "again" } }));
    const article = screen.getByRole("article");
    expect(within(article).getByText("Proposed")).toBeTruthy();
    expect(within(article).getByRole("status").textContent).toMatch(/^Read it and sign/);
  });

  test("does not count when no party changed it", async () => {
    await card({ did: "changed", before: "m", draft: base });
    const other = { ...seen().version, id: "root" };
    await tell(seen({ version: other, versions: [other], told: { m: "false" } }));
    expect(screen.getByText("Does not count")).toBeTruthy();
    expect(screen.getByText(/^This is no change of the agreement by a party/)).toBeTruthy();
  });

  test("says of a declined one until when signatures hold, and how to take one's own back", async () => {
    const retract = vi.fn(async () => undefined);
    await card(proposed, { retract });
    const declined = { state: "declined", declined: { from: worker.publicId } } as const;
    await tell(seen(declined));
    const status = () => screen.getByRole("article").querySelector("[role=status]")?.textContent;
    expect(status()).toBe("bob did not agree.");
    await tell(seen({ ...declined, bound: ["m"] }));
    expect(status()).toMatch(/^bob did not agree, but signatures given hold until .* or until they are taken back\.$/);
    fireEvent.click(screen.getByRole("button", { name: "Open" }));
    const sheet = await screen.findByRole("dialog");
    fireEvent.click(await within(sheet).findByRole("button", { name: "Read that text" }));
    expect(within(sheet).getByText("One SVG file.")).toBeTruthy();
    fireEvent.click(within(sheet).getByRole("button", { name: "Take that signature back" }));
    fireEvent.click(await within(sheet).findByRole("button", { name: "Take it back for good" }));
    await vi.waitFor(() => expect(retract).toHaveBeenCalledWith("m", "m", wallet));
  });
});

describe("in a conversation in which one is no longer heard", () => {
  test("everything that the escrow allows can still be done", async () => {
    const act = vi.fn(async () => undefined);
    const out = { ...group, group: { ...group.group, left: "removed" as const } };
    await card(proposed, { act }, "en", out);
    await tell(seen(held("submitted")));
    fireEvent.click(screen.getByRole("button", { name: "Open" }));
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).getByRole("note").textContent).toMatch(/^You are no longer heard in this conversation/);
    fireEvent.mouseDown(within(sheet).getByRole("tab", { name: "Milestones" }), { button: 0 });
    fireEvent.click(await within(sheet).findByRole("button", { name: "Send back: Sketch" }));
    fireEvent.change(within(sheet).getByRole("textbox"), { target: { value: "Not this." } });
    fireEvent.click(within(sheet).getByRole("button", { name: "Send back" }));
    await vi.waitFor(() =>
      expect(act).toHaveBeenCalledWith("m", { do: "reject", index: 0, text: "Not this." }, expect.anything()),
    );
    // It is done, though there is no message that tells of it.
    await within(sheet).findByRole("button", { name: "Send back: Sketch" });
  });

  const { group: _, ...shared } = group;
  const blocked: PairSummary = {
    ...{ ...shared, kind: "pair" },
    contact: { publicId: worker.publicId, pseudonym: "bob", state: "blocked", since: 0, verified: false },
  };
  test.each([
    ["only admins write", { ...group, group: { ...group.group, write: "admins" } }, "en", "Waiting for you to sign."],
    ["one has left", { ...group, group: { ...group.group, left: "left" } }, "zh-CN", "等待你签署。"],
    ["one has blocked the other", blocked, "en", "Waiting for you to sign."],
  ] as const)("the card waits for a signature without asking for it where %s", async (_, summary, language, says) => {
    await card(proposed, {}, language, summary);
    await tell(seen());
    const article = screen.getByRole("article");
    expect(within(article).getByRole("status").textContent).toBe(says);
    const open = within(article).getByRole("button", { name: /^(Open|查看)$/ });
    fireEvent.click(open);
    expect(within(await screen.findByRole("dialog")).getAllByText(says)).toHaveLength(1);
  });

  test("nothing is offered that only words in it could do", async () => {
    await card(proposed, {}, "en", { ...group, group: { ...group.group, left: "left" } });
    await tell(seen());
    fireEvent.click(screen.getByRole("button", { name: "Open" }));
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).queryByRole("button", { name: /Sign|Decline|Change$/ })).toBeNull();
    expect(within(sheet).getByRole("note").textContent).toBe(
      "You are no longer heard in this conversation. To sign, change or decline, you have to be able to write here.",
    );
  });

  test.each([
    ["en", "Open", /^Only admins write in this group\. To sign/],
    ["zh-CN", "查看", /^这个群里只有管理员可以发言。/],
  ] as const)("why that is so is told where only admins write (%s)", async (language, name, says) => {
    await card(proposed, {}, language, { ...group, group: { ...group.group, write: "admins" } });
    await tell(seen());
    fireEvent.click(screen.getByRole("button", { name }));
    const sheet = await screen.findByRole("dialog");
    expect(within(sheet).getByRole("note").textContent).toMatch(says);
    expect(within(sheet).queryByRole("button", { name: /Sign|Decline|Change$|^签署/ })).toBeNull();
  });
});

describe("a step told in a line", () => {
  const step: AgreementStep = {
    did: "acted",
    act: { do: "submit", index: 0, text: "Here it is." },
    transaction: `0x${"2".repeat(64)}`,
  };
  const event = { message: "m", from: worker.publicId, at: 1, act: step.act, transaction: step.transaction };

  test("is words until the chain confirms it, and said to be wrong where it does not", async () => {
    await card(step);
    await tell(seen({ ...held("funded"), events: [{ ...event, state: "open" }] }));
    expect(screen.getByText("Being checked")).toBeTruthy();
    await tell(seen({ ...held("submitted"), events: [{ ...event, state: "true" }] }));
    expect(screen.getByRole("article").textContent).toContain("bob handed in: Sketch");
    expect(screen.queryByText("Being checked")).toBeNull();
    await tell(seen({ ...held("funded"), events: [{ ...event, state: "false" }] }));
    expect(screen.getByText("The chain does not confirm this.")).toBeTruthy();
  });

  test("of a signature that is none is said to be wrong", async () => {
    await card({ did: "signed", version: "m" });
    await tell(seen());
    expect(screen.getByText("Being checked")).toBeTruthy();
    await tell(seen({ told: { m: "false" } }));
    expect(screen.getByText("This is no valid signature of a party: it does not count.")).toBeTruthy();
  });

  test("of somebody who has nothing to say in it is said not to count", async () => {
    await card({ did: "concluded", version: "m" });
    await tell(seen({ told: { m: "false" } }));
    expect(screen.getByText("The chain knows nothing of it: it does not count.")).toBeTruthy();
    cleanup();
    await card({ did: "declined" });
    await tell(seen({ told: { m: "false" } }));
    expect(screen.getByText("Only a party can decline: it does not count.")).toBeTruthy();
  });
});
