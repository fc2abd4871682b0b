// @vitest-environment happy-dom

import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { loadAmounts } from "../lib/amounts.ts";
import type { AgreementStep } from "../lib/types.ts";
import { base, card, client, held, seen, tell, worker } from "./agreement-views.tsx";

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
    expect(status()).toBe("等待bob签署。");
    await tell(seen(held("settled", "funded", "unfunded")));
    expect(status()).toBe("协议已生效，已结清 1/3 项。");
    const newer = { ...seen().version, id: "n", number: 2 };
    await tell(seen({ version: newer, versions: [seen().version, newer] }));
    expect(status()).toBe("已有新的版本。");
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
    expect(screen.getByText("The chain does not confirm this.")).toBeTruthy();
  });
});
