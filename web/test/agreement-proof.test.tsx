// @vitest-environment happy-dom

import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import ProofSheet from "../features/agreements/proof-sheet.tsx";
import MoneySection from "../features/money/money-section.tsx";
import { useSession } from "../features/session/model.ts";
import { loadAmounts } from "../lib/amounts.ts";
import type { AgreementStep, Agreements, ProvenAgreement } from "../lib/types.ts";
import { base, card, milestone, one, open, client as payer, seen, tell, worker } from "./agreement-views.tsx";
import { fakeClient, settle } from "./fake-client.ts";
import { show } from "./show.tsx";

vi.mock("../features/wallet/use-own-wallet.ts", async () => {
  const { wallet } = await import("./agreement-views.tsx");
  return { useOwnWallet: () => wallet };
});
vi.mock("../lib/vault.ts", async () => ({ vault: (await import("./memory-vault.ts")).memoryVault() }));

beforeAll(loadAmounts);
afterEach(cleanup);

const judge = { ...worker, role: "arbiter", pseudonym: "judy", publicId: `0x${"3".repeat(64)}` as const };
const proven = (more: Partial<ProvenAgreement> = {}): ProvenAgreement => ({
  ...{ id: `0x${"1".repeat(64)}`, draft: { ...base, arbiter: judge }, text: "The whole text.", at: 1_700_000_000_000 },
  ...{ warnings: [], pending: [], untold: [], role: "arbiter" },
  escrow: { address: "0x05", step: 9n, finished: false, milestones: [milestone("disputed"), milestone("funded")] },
  ...more,
});

async function opening(agreements: Partial<Agreements>) {
  const identity = {
    pseudonym: "judy",
    publicId: judge.publicId,
    wallet: payer.wallet,
    keyVersion: 1,
    deviceKey: "0x0b",
  };
  const client = fakeClient({ client: { agreements: agreements as Agreements } });
  useSession.setState({ session: { status: "joined", client, identity: identity as never } });
  show(<ProofSheet onBack={() => {}} onClose={() => {}} />);
  const file = new File(['{"a":1}'], "agreement.json", { type: "application/json" });
  fireEvent.change(screen.getByLabelText("Choose the file", { selector: "input" }), { target: { files: [file] } });
  await act(settle);
  await act(settle);
}

test("an arbiter opens the file, reads where its money stands, and decides with one prompt", async () => {
  const decide = vi.fn(async () => {});
  const open = vi.fn(async () => proven());
  await opening({ open, act: decide });
  expect(open).toHaveBeenCalledWith('{"a":1}');
  expect(screen.getByText(/You are its arbiter/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Decide: Sketch" }));
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "0.25" } });
  fireEvent.click(screen.getByRole("button", { name: "Decide: 0.25 SKM" }));
  await act(settle);
  expect(decide).toHaveBeenCalledWith(
    '{"a":1}',
    { do: "rule", index: 0, toPayee: one / 4n },
    expect.objectContaining({ seen: 1n }),
  );
  await act(settle);
  expect(open).toHaveBeenCalledTimes(2);
});

test("a party does with it what they could do in the conversation, and sees what nobody was told", async () => {
  const reject = vi.fn(async () => {});
  const escrow = {
    ...(proven().escrow as NonNullable<ProvenAgreement["escrow"]>),
    milestones: [milestone("submitted")],
  };
  const untold = [
    { message: "u", act: { do: "dispute", index: 0, text: "Look at it." }, transaction: "0x01" } as const,
  ];
  await opening({ open: async () => proven({ role: "client", escrow, untold }), act: reject });
  expect(screen.getByText(/You are one of its parties/)).toBeTruthy();
  expect(screen.getByText("Look at it.")).toBeTruthy();
  expect(screen.getByText(/Nobody was told of it/)).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Send back: Sketch" }));
  expect(screen.getByText(/only this device has it/)).toBeTruthy();
  fireEvent.change(screen.getByRole("textbox"), { target: { value: "It is another one." } });
  fireEvent.click(screen.getByRole("button", { name: "Send back" }));
  await act(settle);
  expect(reject).toHaveBeenCalledWith(
    '{"a":1}',
    { do: "reject", index: 0, text: "It is another one." },
    expect.objectContaining({ seen: 1n }),
  );
});

test("a note of what nobody was told goes at the second click", async () => {
  const dismiss = vi.fn(async () => {});
  const untold = [{ message: "u", act: { do: "dispute", index: 0, text: "Look." }, transaction: "0x01" } as const];
  await opening({ open: async () => proven({ role: "client", untold }), dismiss });
  fireEvent.click(screen.getByRole("button", { name: "I have told them" }));
  expect(screen.getByText(/copy it first/)).toBeTruthy();
  expect(dismiss).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Remove this note" }));
  await act(settle);
  expect(dismiss).toHaveBeenCalledWith("u");
  expect(screen.queryByText(/Nobody was told of it|copy it first/)).toBeNull();
});

test("before a party pays into it, says what its token may not be", async () => {
  const escrow = {
    ...(proven().escrow as NonNullable<ProvenAgreement["escrow"]>),
    milestones: [milestone("unfunded")],
  };
  const notes = async (...kinds: ("unlisted-token" | "asset-differs" | "one-operator")[]) => {
    await opening({ open: async () => proven({ role: "client", escrow, warnings: kinds.map((kind) => ({ kind })) }) });
    fireEvent.click(screen.getByRole("button", { name: "Pay in: Sketch" }));
    const found = screen.queryAllByRole("note").map(({ textContent }) => textContent);
    cleanup();
    return found;
  };
  expect(await notes("unlisted-token")).toEqual([expect.stringContaining("Any token can call itself that.")]);
  expect(await notes("asset-differs")).toEqual([expect.stringMatching(/^What this token says of itself/)]);
  expect(await notes("one-operator")).toEqual([]);
});

test("what is under way is looked at again until it is done, also after a look that failed", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const funding = { do: "fund", first: 0, count: 1 } as const;
  const pending = [{ message: "q", act: funding, at: "chain", until: Date.now() + 1000 } as const];
  const escrow = {
    ...(proven().escrow as NonNullable<ProvenAgreement["escrow"]>),
    milestones: [milestone("unfunded")],
  };
  const open = vi.fn(async () => proven({ role: "client", escrow, pending }));
  const later = () => act(() => vi.advanceTimersByTimeAsync(10_000));
  try {
    await opening({ open });
    expect(screen.getByText("Pay in: under way. It goes on by itself.")).toBeTruthy();
    open.mockRejectedValueOnce(Object.assign(new Error(), { code: "CHAIN_UNREACHABLE" }));
    await later();
    expect(screen.getByRole("alert").textContent).toBe("");
    expect(screen.getByText("Pay in: under way. It goes on by itself.")).toBeTruthy();
    open.mockResolvedValue(proven({ role: "client", escrow: { ...escrow, milestones: [milestone("funded")] } }));
    await later();
    expect(screen.queryByText("Pay in: under way. It goes on by itself.")).toBeNull();
    await later();
    expect(open).toHaveBeenCalledTimes(3);
  } finally {
    vi.useRealTimers();
  }
});

test("it is opened from Me, without any conversation", async () => {
  open();
  show(<MoneySection />);
  await act(settle);
  fireEvent.click(screen.getByRole("button", { name: "Proof of an agreement" }));
  const sheet = await screen.findByRole("dialog");
  expect(within(sheet).getByRole("button", { name: "Choose the file" })).toBeTruthy();
});

test("whoever else opens it reads it, and is told of names that the registry does not know", async () => {
  const { role: _, ...other } = proven({
    warnings: [
      { kind: "stranger", party: { ...worker, pseudonym: "bob" } },
      { kind: "one-operator" },
      { kind: "arbiter-is-party", party: worker },
      { kind: "unfunded", milestones: [0, 2] },
    ],
  });
  await opening({ open: async () => other });
  expect(screen.getByText("The whole text.")).toBeTruthy();
  expect(screen.getByText("bob is not registered with this wallet now.")).toBeTruthy();
  const warnings = within(screen.getByRole("note")).getAllByRole("listitem");
  expect(warnings.map(({ textContent }) => textContent)).toEqual([
    "bob is not registered with this wallet now.",
    "Only one operator answered, and it could have said anything. Open it again when a second relay can be reached.",
    "The identity of the arbiter now belongs to bob, who is a party: whoever decides is not a third person.",
    "Not paid in: Sketch and Final.",
  ]);
  expect(screen.queryByRole("button", { name: /Decide|Pay/ })).toBeNull();
});

test("a file that is no proof is said to be none, and another one can be chosen", async () => {
  const open = vi.fn(async () => Promise.reject(Object.assign(new Error(), { code: "AGREEMENT_NOT_CONCLUDED" })));
  await opening({ open });
  expect(screen.getByRole("alert").textContent).toMatch(/The chain knows no such agreement/);
  expect(screen.getByRole("button", { name: "Choose the file" })).toBeTruthy();
});

test("names that pass for others' are told before anybody signs", async () => {
  await card({ did: "proposed", draft: base });
  await tell(seen({ lookAlikes: [{ publicId: judge.publicId, pseudonym: "a1ice", other: "alice" }] }));
  fireEvent.click(screen.getByRole("button", { name: "Read and sign" }));
  const sheet = await screen.findByRole("dialog");
  expect(within(sheet).getByRole("note").textContent).toContain("a1ice can be mistaken for alice");
});

test("a text that cannot be read here is a line that says why", async () => {
  const step: AgreementStep = { did: "unreadable", problem: { code: "AGREEMENT_TEMPLATE_UNKNOWN" } };
  await card(step);
  const article = screen.getByRole("article");
  expect(article.textContent).toContain("A text from bob that cannot be read here");
  expect(article.textContent).toContain("This version does not know the template.");
});
