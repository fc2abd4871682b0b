import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zeroAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Chain as Node, startChain } from "../../../scripts/chain/startChain.ts";
import { compileContracts } from "../../../scripts/codegen/compile.ts";
import { deployContracts } from "../../../scripts/deploy/deployContracts.ts";
import { localParameters } from "../../../scripts/deploy/parameters.ts";
import { createSender } from "../../../scripts/deploy/sender.ts";
import { randomKey } from "../../../scripts/lib/keys.ts";
import { actOnEscrow, type EscrowAction, settleMilestone } from "../../src/agreements/actOnEscrow.ts";
import { concludeAgreement } from "../../src/agreements/concludeAgreement.ts";
import { parseDraft } from "../../src/agreements/parseDraft.ts";
import { readEscrow } from "../../src/agreements/readEscrow.ts";
import { agreementIdOf, termsOf, termsTypedData } from "../../src/agreements/termsOf.ts";
import { awaitReceipt } from "../../src/chain/actions/awaitReceipt.ts";
import { readBalance } from "../../src/chain/actions/readBalance.ts";
import { readAgreedHead } from "../../src/chain/actions/readBlock.ts";
import { type Chain, createChain, readContract } from "../../src/chain/chain.ts";
import { agreementsAbi, skmAbi } from "../../src/generated/index.ts";
import { createLocalWallet, newWalletKey } from "../../src/identity/localWallet.ts";
import type { AgreementDraft, AgreementMoney } from "../../src/types/agreements.ts";
import type { WalletSigner } from "../../src/types/client.ts";
import type { Address } from "../../src/types/primitives.ts";
import { hire, inDays, partyOf, sale } from "../support/agreements.ts";

/** What an agreement says of silence, on a real chain whose time passes. */

const deployer = privateKeyToAccount(randomKey());
const folder = mkdtempSync(join(tmpdir(), "skrumble-agreements-"));
let node: Node;
let chain: Chain;

beforeAll(async () => {
  await compileContracts();
  node = await startChain({ blockSeconds: 0.1 });
  const { deployment } = await deployContracts({
    ...{ name: "test", rpcUrl: node.rpcUrl, chainId: node.chainId, deployer, parameters: localParameters },
    ...{ file: join(folder, "test.json"), grants: [{ to: deployer.address, amount: 10_000n }] },
  });
  const operators = ["one", "two"].map((operator) => ({ url: node.rpcUrl, operator }));
  chain = createChain(
    { chainId: node.chainId, name: "test", contracts: deployment.contracts },
    { endpoints: () => operators },
  );
}, 120_000);
afterAll(async () => {
  await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const skm = 10n ** 18n;
const hour = 3600;
const day = 24 * hour;
const wallet = () => createLocalWallet(newWalletKey(), node.rpcUrl);
const ask = (method: string, ...params: unknown[]) => chain.rpc.request(method, params);
const skmOf = (owner: Address) => readBalance(chain, chain.network.contracts.skm, owner);
const coinOf = (owner: Address) => readBalance(chain, zeroAddress, owner);
const giveSkm = (to: Address, amount: bigint): Promise<void> =>
  createSender({ rpcUrl: node.rpcUrl, chainId: node.chainId, account: deployer }).send(
    ...([chain.network.contracts.skm, skmAbi, "transfer", [to, amount]] as const),
  );
async function passTime(seconds: number): Promise<void> {
  await ask("evm_increaseTime", seconds);
  await ask("anvil_mine", "0x1");
}

/** An agreement in force, and what its people do with its escrow. */
async function inForce(draft: AgreementDraft, signers: readonly WalletSigner[]) {
  const terms = termsOf(draft);
  const typed = termsTypedData(terms, chain.network);
  const signed = signers.map(async (one) => [one.address.toLowerCase(), await one.signTypedData(typed)] as const);
  await concludeAgreement(chain, terms, new Map(await Promise.all(signed)) as Map<Address, `0x${string}`>);
  const { escrow: at } = await readContract(chain, {
    ...{ address: chain.network.contracts.agreements, abi: agreementsAbi, functionName: "agreement" },
    args: [agreementIdOf(terms, chain.network)],
  });
  const view = () => readEscrow(chain, at, draft.money?.milestones.length ?? 0);
  const act = async (by: WalletSigner, action: EscrowAction) => {
    const { step, milestones } = await view();
    const seen = "index" in action ? (milestones[action.index]?.step ?? 0n) : step;
    return actOnEscrow(chain, at, action, { wallet: by, seen, deadline: BigInt(inDays(300)) });
  };
  return { at, view, act };
}

/** Ends are on whole minutes. @param seconds from the chain's present */
const after = async (seconds: number): Promise<number> =>
  Math.ceil(((await readAgreedHead(chain)).timestamp + seconds) / 60) * 60;

async function hireOf(rules: Partial<AgreementMoney["rules"]>, [client, worker, judge]: WalletSigner[]) {
  const { money, ...base } = hire();
  const { chainId, contracts } = chain.network;
  const signBy = await after(hour);
  const person = (role: string, name: string, n: number, one: WalletSigner | undefined) =>
    partyOf(role, name, n, one?.address);
  return parseDraft({
    ...{ ...base, chainId, signBy },
    parties: [person("client", "alice", 1, client), person("freelancer", "bob", 2, worker)],
    ...(judge ? { arbiter: person("arbiter", "judy", 3, judge) } : {}),
    money: {
      asset: { ...money?.asset, chainId, token: contracts.skm },
      milestones: [{ title: "All of it", amount: skm, due: signBy + hour }],
      rules: {
        ...money?.rules,
        reviewTime: hour,
        responseTime: hour,
        ...(judge ? { rulingTime: hour } : {}),
        ...rules,
      },
    },
  });
}

test("when nobody says a word to what was handed in, anybody may carry out what the text says, and not before", async () => {
  const [client, worker] = [wallet(), wallet()];
  const { at, view, act } = await inForce(await hireOf({ onNoReview: "release" }, [client, worker]), [client, worker]);
  await giveSkm(at, skm);
  await act(client, { do: "fund", first: 0, count: 1 });
  await act(worker, { do: "submit", index: 0, evidence: `0x${"1".repeat(64)}` });
  expect((await view()).milestones[0]?.timeout?.outcome).toBe("release");
  await expect(settleMilestone(chain, at, 0)).rejects.toMatchObject({ code: "ESCROW_TOO_EARLY" });
  await passTime(hour + 60);
  await expect(act(client, { do: "reject", index: 0, reason: `0x${"2".repeat(64)}` })).rejects.toMatchObject({
    code: "ESCROW_TOO_LATE",
  });
  await settleMilestone(chain, at, 0);
  expect(await view()).toMatchObject({ finished: true });
  expect(await skmOf(worker.address)).toBe(skm);
  await expect(settleMilestone(chain, at, 0)).rejects.toMatchObject({ code: "ESCROW_MOVED_ON" });
});

test("where the text leaves silence to the arbiter a milestone waits, however long, and can still be disputed", async () => {
  const [client, worker, judge] = [wallet(), wallet(), wallet()];
  const draft = await hireOf({ onNoReview: "wait", onNoSubmission: "wait" }, [client, worker, judge]);
  const { at, view, act } = await inForce(draft, [client, worker]);
  await giveSkm(at, skm);
  await act(client, { do: "fund", first: 0, count: 1 });
  await passTime(day);
  // Past its due date: nothing happens by itself, and it can still be handed in.
  await expect(settleMilestone(chain, at, 0)).rejects.toMatchObject({ code: "ESCROW_WAITS" });
  await act(worker, { do: "submit", index: 0, evidence: `0x${"1".repeat(64)}` });
  await passTime(day);
  await expect(settleMilestone(chain, at, 0)).rejects.toMatchObject({ code: "ESCROW_WAITS" });
  expect((await view()).milestones[0]).toMatchObject({ state: "submitted", remaining: skm });
  await act(worker, { do: "dispute", index: 0, reason: `0x${"2".repeat(64)}` });
  // A dispute always ends: without a ruling by the split that both have signed.
  await passTime(hour + 60);
  await expect(act(judge, { do: "rule", index: 0, toPayee: skm })).rejects.toMatchObject({ code: "ESCROW_TOO_LATE" });
  await settleMilestone(chain, at, 0);
  expect(await skmOf(worker.address)).toBe((skm * 4n) / 10n);
  expect(await skmOf(client.address)).toBe((skm * 6n) / 10n);
});

test("a sale in instalments: what was kept is divided when one is not paid, and only after its time", async () => {
  const [buyer, seller, judge] = [wallet(), wallet(), wallet()];
  const base = sale();
  const { chainId, contracts } = chain.network;
  const signBy = await after(hour);
  const draft = parseDraft({
    ...{ ...base, chainId, signBy },
    parties: [partyOf("buyer", "alice", 1, buyer.address), partyOf("seller", "bob", 2, seller.address)],
    arbiter: partyOf("arbiter", "judy", 3, judge.address),
    money: {
      ...(base.money as AgreementMoney),
      asset: { chainId, token: contracts.skm, symbol: "SKM", decimals: 18 },
      milestones: [
        { title: "One", amount: 8n * skm, due: signBy + hour },
        { title: "Two", amount: 8n * skm, due: signBy + 2 * hour },
      ],
      rules: { ...base.money?.rules, responseTime: hour },
    },
  });
  const { at, view, act } = await inForce(draft, [buyer, seller]);
  await giveSkm(at, 8n * skm);
  await act(buyer, { do: "fund", first: 0, count: 1 });
  // An eighth is kept, the rest is the seller's at once.
  expect(await skmOf(seller.address)).toBe(7n * skm);
  await expect(act(seller, { do: "declareDefault", index: 1 })).rejects.toMatchObject({ code: "ESCROW_TOO_EARLY" });
  await passTime(4 * hour + 60);
  await expect(act(judge, { do: "declareDefault", index: 1 })).rejects.toMatchObject({ code: "ESCROW_NOT_YOURS" });
  await act(seller, { do: "declareDefault", index: 1 });
  expect(await view()).toMatchObject({ finished: true });
  expect(await skmOf(seller.address)).toBe(7n * skm + skm / 2n);
  expect(await skmOf(buyer.address)).toBe(skm / 2n);
});

test("what a wallet sent there by mistake comes back to the payer, and no milestone loses by it", async () => {
  const [client, worker] = [wallet(), wallet()];
  const { at, view, act } = await inForce(await hireOf({}, [client, worker]), [client, worker]);
  await giveSkm(at, skm);
  await act(client, { do: "fund", first: 0, count: 1 });
  // The chain's coin, which this escrow does not hold, and more SKM than it asks for.
  await ask("anvil_setBalance", client.address, "0x5");
  const { chainId } = chain.network;
  const hash = await client.sendTransaction?.({ to: at, data: "0x", value: 5n, chainId });
  await awaitReceipt(chain, hash as `0x${string}`);
  await giveSkm(at, 7n);
  await expect(act(worker, { do: "sweep", token: zeroAddress })).rejects.toMatchObject({ code: "ESCROW_NOT_YOURS" });
  await act(client, { do: "sweep", token: zeroAddress });
  await act(client, { do: "sweep", token: chain.network.contracts.skm });
  expect(await coinOf(client.address)).toBe(5n);
  expect(await skmOf(client.address)).toBe(7n);
  expect((await view()).milestones[0]).toMatchObject({ state: "funded", remaining: skm });
});
