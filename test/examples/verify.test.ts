import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { concludeAgreement, draftToJson, parseDraft, termsOf, termsTypedData } from "../../sdk/src/agreements/index.ts";
import { createChain, fetchNetwork } from "../../sdk/src/chain/index.ts";
import { createLocalWallet, newWalletKey } from "../../sdk/src/index.ts";
import type { Address } from "../../sdk/src/types/primitives.ts";
import { partyOf, promise } from "../../sdk/test/support/agreements.ts";
import { startTestNetwork, type TestNetwork } from "../support/network.ts";

const program = join(import.meta.dirname, "..", "..", "examples", "verify", "verify.ts");
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let network: TestNetwork;
const folder = mkdtempSync(join(tmpdir(), "skrumble-verify-"));
beforeAll(async () => {
  network = await startTestNetwork();
});
afterAll(async () => {
  await network?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function verify(content: string): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, "agreement.json");
  writeFileSync(file, content);
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", program, file, ...network.urls],
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

test("one command tells a signed agreement from one that was changed afterwards", async () => {
  const [url = ""] = network.urls;
  const endpoints = network.urls.map((at, index) => ({ url: `${at}/rpc`, operator: `${index}` }));
  const chain = createChain(await fetchNetwork(url), { endpoints: () => endpoints });
  const wallets = [createLocalWallet(newWalletKey()), createLocalWallet(newWalletKey())];
  const parties = wallets.map(({ address }, index) => partyOf("party", `person${index}`, index + 1, address));
  const draft = parseDraft(promise({ chainId: chain.network.chainId, parties }));
  const terms = termsOf(draft);
  const file = draftToJson(draft);
  expect(await verify(file)).toMatchObject({ code: 1, err: expect.stringContaining("AGREEMENT_NOT_CONCLUDED") });

  const typed = termsTypedData(terms, chain.network);
  const signatures = await Promise.all(
    wallets.map(async (one) => [one.address.toLowerCase() as Address, await one.signTypedData(typed)] as const),
  );
  await concludeAgreement(chain, terms, new Map(signatures));
  const { code, out } = await verify(file);
  expect(code).toBe(0);
  expect(out).toContain("We water it in turns.");
  expect(out).toContain("Signed by all parties.");
  const altered = await verify(file.replace("in turns", "never"));
  expect(altered).toMatchObject({ code: 1, err: expect.stringContaining("AGREEMENT_NOT_CONCLUDED") });
  expect(altered.out).toBe("");
});
