import { type Abi, decodeFunctionData, encodeFunctionResult, erc20Abi, type Hex, zeroAddress, zeroHash } from "viem";
import { afterEach, expect, test, vi } from "vitest";
import { keepAct } from "../../src/agreements/inChat/records.ts";
import { draftToJson, parseDraft } from "../../src/agreements/parseDraft.ts";
import { openProof } from "../../src/agreements/proofs.ts";
import { verifyAgreement } from "../../src/agreements/verifyAgreement.ts";
import { RpcError } from "../../src/chain/rpc.ts";
import type { Core } from "../../src/client/core.ts";
import { SkrumbleError } from "../../src/errors/index.ts";
import { agreementsAbi, escrowAbi, identityRegistryAbi } from "../../src/generated/index.ts";
import { createMemoryStore } from "../../src/store/memory.ts";
import { openVault } from "../../src/store/vault.ts";
import type { AgreementMoney } from "../../src/types/agreements.ts";
import type { Address } from "../../src/types/primitives.ts";
import { hire } from "../support/agreements.ts";
import { contractsAt } from "../support/contracts.ts";
import { fakeTime, settled } from "../support/settled.ts";

afterEach(() => vi.useRealTimers());

const base = hire();
const money = base.money as AgreementMoney;
const token: Address = `0x${"7".repeat(40)}`;
const escrow: Address = `0x${"e".repeat(40)}`;
const draft = parseDraft({ ...base, money: { ...money, asset: { ...money.asset, token, symbol: "ACME" } } });
const file = draftToJson(draft);
const [client] = draft.parties;
const abis = [agreementsAbi, identityRegistryAbi, escrowAbi, erc20Abi] as readonly Abi[];

/** An agreement in force, none of its money paid in. @param symbol what its token calls itself now; undefined: it says nothing */
async function world(symbol: string | undefined, listed = true, known = "ACME", unread: readonly string[] = []) {
  const answer = async (_: string, [{ to, data }]: [{ to: Address; data: Hex }]) => {
    if (to.toLowerCase() === token && symbol === undefined && !data.startsWith("0x70a08231"))
      throw new RpcError(3, "execution reverted", "0x");
    const of = abis.find((abi) => {
      try {
        return decodeFunctionData({ abi, data });
      } catch {
        return false;
      }
    });
    if (!of) throw new RpcError(3, "execution reverted", "0x");
    const { functionName } = decodeFunctionData({ abi: of, data });
    if (unread.includes(functionName)) throw new SkrumbleError("CHAIN_UNPROVEN");
    const party = draft.parties.find(({ publicId }) => data.includes(publicId.slice(2)));
    const record = {
      ...{ owner: party?.wallet, name: party?.pseudonym, publicId: party?.publicId, controller: zeroAddress },
      ...{ keyVersion: 1, registeredAt: 0n, revoked: false, devicesBlock: 1n },
      ...{ agreementKey: zeroHash, deviceRoot: zeroHash, saltName: zeroHash },
    };
    const results: Record<string, unknown> = {
      ...{ agreement: { escrow, concludedAt: 7n }, identityByPublicId: [1n, record] },
      ...{ milestone: { remaining: 0n, due: 1, since: 1, step: 0, state: 0 }, timeoutOf: [0n, 0], step: 0n },
      ...{ isFinished: false, accounted: 0n, balanceOf: 5n, decimals: 18, symbol, name: symbol },
    };
    return encodeFunctionResult({ abi: of, functionName, result: results[functionName] } as never);
  };
  const vault = await openVault(createMemoryStore());
  const core = {
    ...{ signal: new AbortController().signal, now: () => 9_000, vault, book: { all: () => [] } },
    self: { identity: { publicId: client?.publicId } },
    payments: { assets: { read: async () => ({ listed, decimals: 18, symbol: known }) } },
    chain: {
      network: { chainId: 31_337, contracts: contractsAt(`0x${"1".repeat(40)}`) },
      rpc: {
        endpoints: () => ["one", "two"].map((operator) => ({ url: operator, operator })),
        request: answer,
        requestAt: (_: unknown, method: string, params: [{ to: Address; data: Hex }]) => answer(method, params),
      },
    },
  } as unknown as Core;
  return { core, vault };
}

test("a proof shows where its money stands, and what this person has done and is doing", async () => {
  const { core, vault } = await world("ACME");
  const kept = { escrow: escrow, wallet: client?.wallet as Address, step: "0", from: 1 };
  const amounts = draft.money?.milestones.map(({ amount }) => String(amount)) ?? [];
  const own = { ...kept, money: { token, amounts }, deadline: 9 };
  await keepAct(vault, {
    ...own,
    id: "a",
    act: { do: "fund", first: 0, count: 1 },
    pays: { amount: "1", asked: true },
  });
  await keepAct(vault, {
    ...own,
    id: "b",
    act: { do: "dispute", index: 1, text: "No.", salt: zeroHash },
    done: zeroHash,
  });
  expect(await openProof(core, file)).toMatchObject({
    ...{ role: "client", at: 7000, loose: 5n, escrow: { address: escrow, finished: false } },
    pending: [{ message: "a", act: { do: "fund", first: 0, count: 1 }, at: "chain", doubt: true }],
    untold: [{ message: "b", act: { do: "dispute", index: 1, text: "No." }, transaction: zeroHash }],
    warnings: [
      { kind: "unfunded", milestones: [1, 2] },
      { kind: "may-come", milestones: [0] },
    ],
  });
  const { core: unlisted } = await world("ACME", false);
  expect((await openProof(unlisted, file)).warnings).toContainEqual({ kind: "unlisted-token" });
});

test("a token that calls itself something else now keeps nobody from opening it", async () => {
  for (const symbol of ["SKM", undefined]) {
    const { core } = await world(symbol);
    const { warnings, escrow: held } = await openProof(core, file);
    expect(warnings).toContainEqual({ kind: "asset-differs" });
    expect(held?.milestones).toHaveLength(3);
    // Whoever is shown it as a proof is not to rely on it.
    await expect(verifyAgreement(core.chain, JSON.parse(file))).rejects.toMatchObject({
      code: "AGREEMENT_ASSET_DIFFERS",
    });
  }
});

test("a coin that goes by another name than in the text is told of", async () => {
  const { core } = await world("ACME", true, "COIN");
  expect((await openProof(core, file)).warnings).toContainEqual({ kind: "asset-differs" });
});

test("what cannot be proven of names and balances keeps nobody from acting before a time runs out", async () => {
  const { core } = await world("ACME", true, "ACME", ["identityByPublicId", "balanceOf", "symbol"]);
  // Whoever gives no answer is asked again after a while.
  fakeTime();
  const { loose, role, escrow: held, warnings } = await settled(openProof(core, file));
  expect({ loose, role, count: held?.milestones.length }).toEqual({ loose: undefined, role: "client", count: 3 });
  expect(warnings).toEqual([{ kind: "people-not-checked" }, { kind: "unfunded", milestones: [0, 1, 2] }]);
  // The record and the escrow are what it is a proof of.
  for (const name of ["agreement", "milestone"])
    await expect(settled(openProof((await world("ACME", true, "ACME", [name])).core, file))).rejects.toMatchObject({
      category: "network",
    });
});

test("a file that is none, or much too long, is refused", async () => {
  const { core } = await world("ACME");
  await expect(openProof(core, "no file")).rejects.toMatchObject({ code: "AGREEMENT_INVALID" });
  await expect(openProof(core, " ".repeat(1_000_000))).rejects.toMatchObject({ code: "AGREEMENT_INVALID" });
});
