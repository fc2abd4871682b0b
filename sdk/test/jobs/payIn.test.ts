import { expect, test } from "vitest";
import { SkrumbleError } from "../../src/errors/index.ts";
import { payIn } from "../../src/jobs/index.ts";
import type { TypedDataRequest, WalletSigner } from "../../src/types/client.ts";
import type { Address } from "../../src/types/primitives.ts";
import { inDays } from "../support/agreements.ts";
import { sayingChain } from "../support/sayingChain.ts";

const skm: Address = `0x${"5c".padStart(40, "0")}`;
const escrow: Address = `0x${"e5".padStart(40, "0")}`;
const amount = 10n ** 18n;

function given({ state = 0, due = inDays(3), used = 0, held = 0n } = {}) {
  let asked = 0;
  return sayingChain(skm, {
    terms: () => ({
      ...{
        agreementId: `0x${"00".repeat(32)}`,
        agreements: skm,
        kind: 0,
        payer: skm,
        payee: skm,
        arbiter: skm,
        token: skm,
      },
      rules: {
        ...{ onNoSubmission: 1, onNoReview: 1, onRejection: 1, onNoRuling: 1, onDefault: 1 },
        ...{ fallbackShare: 0, retainedShare: 0, reviewTime: 1, responseTime: 1, rulingTime: 1, graceTime: 1 },
      },
      milestones: [{ amount, due }],
    }),
    milestone: () => ({ remaining: 0n, due, since: 0, step: 0, state }),
    accounted: () => 0n,
    balanceOf: ([who]) => ((who as string).toLowerCase() === escrow ? held : 5n * amount),
    authorizationState: () => asked++ < used,
  });
}

/** Refuses, and shows what it was asked to sign. */
function refusing() {
  const prompts: TypedDataRequest[] = [];
  const wallet: WalletSigner = {
    address: `0x${"a1".padStart(40, "0")}`,
    async signTypedData(request) {
      prompts.push(request);
      throw new SkrumbleError("WALLET_REFUSED");
    },
  };
  return { wallet, prompts };
}

test("what is paid already, or too late, is refused before the wallet is asked", async () => {
  const { wallet, prompts } = refusing();
  for (const [chain, code] of [
    [given({ state: 1 }), "ESCROW_MOVED_ON"],
    [given({ state: 5 }), "ESCROW_MOVED_ON"],
    [given({ due: inDays(-2) }), "ESCROW_TOO_LATE"],
  ] as const) {
    await expect(payIn(chain, escrow, 0, wallet)).rejects.toMatchObject({ code });
  }
  expect(prompts).toEqual([]);
});

test("one payment has one nonce, however often it is begun; another only when the first was used for something else", async () => {
  const { wallet, prompts } = refusing();
  for (const used of [0, 0, 1]) {
    const paying = payIn(given({ used, held: amount / 4n }), escrow, 0, wallet);
    await expect(paying).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  }
  const [first, second, third] = prompts.map(({ message }) => message as { nonce: string; value: bigint });
  expect(second?.nonce).toBe(first?.nonce);
  expect(third?.nonce).not.toBe(first?.nonce);
  expect(first?.value).toBe((amount * 3n) / 4n);
});
