import { createPublicClient, createWalletClient, defineChain, http, parseEther } from "viem";
import { expect, test } from "vitest";
import { localDeployer } from "../../../scripts/deploy/local.ts";
import { joinPerson, type Person } from "../../../test/support/network.ts";
import { feeReceipt } from "../../src/chain/actions/payFee.ts";
import { membershipAbi, skmAbi, usageFeesAbi } from "../../src/generated/index.ts";
import type { WalletSigner } from "../../src/index.ts";
import { closeAll, useNetwork } from "../support/network.ts";

/** Fees over a real chain and real relays. Newcomers have 100 SKM of credit; "gated-file" costs 2 SKM. */

const network = useNetwork();
const skm = parseEther;
const beneficiary = "0x00000000000000000000000000000000000be4ef" as const;
const file = { feature: "gated-file", units: 3, beneficiary, reference: "file one" };

const chainOf = () =>
  defineChain({
    ...{ id: network.chain.chainId, name: "local", nativeCurrency: { name: "Coin", symbol: "COIN", decimals: 18 } },
    rpcUrls: { default: { http: [network.chain.rpcUrl] } },
  });
const reader = () => createPublicClient({ chain: chainOf(), transport: http(), pollingInterval: 200 });
/** Gives somebody SKM, of the network's first. */
async function fund(person: Person, amount: string): Promise<void> {
  const wallet = createWalletClient({ account: localDeployer(network.stateDir), chain: chainOf(), transport: http() });
  const hash = await wallet.writeContract({
    ...{ address: at().skm, abi: skmAbi, functionName: "transfer", args: [person.wallet.address, skm(amount)] },
    ...{ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gas: 5_000_000n },
  });
  expect((await reader().waitForTransactionReceipt({ hash })).status).toBe("success");
}
const at = () => network.deployment.contracts;
const creditOf = (person: Person) =>
  reader().readContract({
    ...{ address: at().membership, abi: membershipAbi, functionName: "creditOf" },
    args: [person.wallet.address],
  });
const claimable = () =>
  reader().readContract({ address: at().usageFees, abi: usageFeesAbi, functionName: "claimable", args: [beneficiary] });
const balanceOf = (person: Person) =>
  reader().readContract({ address: at().skm, abi: skmAbi, functionName: "balanceOf", args: [person.wallet.address] });

/** A wallet that counts how often it was asked. */
function counting(wallet: WalletSigner): WalletSigner & { asked: number } {
  const counted = {
    ...wallet,
    asked: 0,
    signTypedData(...args: Parameters<WalletSigner["signTypedData"]>) {
      counted.asked++;
      return wallet.signTypedData(...args);
    },
  };
  return counted;
}

test("a use is paid from credit without a prompt, once, and shows what was paid", async () => {
  const alice = await joinPerson(network, "alice");
  expect(await alice.client.fees.price("gated-file")).toBe(skm("2"));
  expect(await alice.client.fees.price("nothing")).toBeUndefined();
  expect(await alice.client.fees.quote(file)).toEqual({
    ...{ price: skm("2"), fromCredit: skm("6"), fromWallet: 0n, needsWallet: false },
  });
  const before = await claimable();
  const paid = await alice.client.fees.pay(file);
  expect(await creditOf(alice)).toBe(skm("94"));
  expect(await claimable()).toBe(before);
  // Whoever is shown the fee asks the chain.
  const isPaid = (fee: typeof paid.fee) =>
    reader().readContract({ address: at().usageFees, abi: usageFeesAbi, functionName: "isPaid", args: [fee] });
  expect(await isPaid(paid.fee)).toBe(true);
  expect(await isPaid({ ...paid.fee, units: 4 })).toBe(false);
  const { chainId, contracts } = network.deployment;
  expect(feeReceipt({ network: { chainId, contracts } } as never, paid.fee)).toBe(paid.receipt);

  expect(await alice.client.fees.pay(file)).toEqual(paid);
  expect(await creditOf(alice)).toBe(skm("94"));
  await expect(alice.client.fees.pay({ ...file, units: 4 })).rejects.toMatchObject({ code: "FEE_PAID_ELSEWHERE" });
  await closeAll(alice);
});

test("what credit does not reach is one signature of the wallet, though the page is closed in the middle", async () => {
  const alice = await joinPerson(network, "alice");
  const { client } = alice;
  await fund(alice, "1000");
  const wallet = counting(alice.wallet);
  await client.fees.pay({ ...file, units: 49, reference: "most of the credit" });
  const use = { ...file, units: 3, reference: "file two" };
  expect(await client.fees.quote(use)).toEqual({
    ...{ price: skm("2"), fromCredit: skm("2"), fromWallet: skm("4"), needsWallet: true },
  });
  await expect(client.fees.pay(use)).rejects.toMatchObject({ code: "FEE_NEEDS_WALLET", values: { missing: "4" } });

  const had = await claimable();
  const no: WalletSigner = { ...alice.wallet, signTypedData: () => Promise.reject({ code: 4001 }) };
  await expect(client.fees.pay(use, no)).rejects.toMatchObject({ code: "WALLET_REFUSED" });
  const [one, other] = await Promise.all([client.fees.pay(use, wallet), client.fees.pay(use, wallet)]);
  expect(one).toEqual(other);
  expect(wallet.asked).toBe(1);
  expect(await claimable()).toBe(had + skm("4"));
  expect(await creditOf(alice)).toBe(0n);
  expect(await balanceOf(alice)).toBe(skm("996"));

  // Closed after the signature: the same use goes on without another prompt, or is paid already.
  const again = { ...use, reference: "file three" };
  const closing: WalletSigner = {
    ...alice.wallet,
    async signTypedData(data) {
      const signature = await alice.wallet.signTypedData(data);
      setTimeout(() => void client.close(), 0);
      return signature;
    },
  };
  await expect(client.fees.pay(again, closing)).rejects.toThrow();
  await client.close();
  const reopened = await alice.reopen();
  const paid = await reopened.fees.pay(again, wallet);
  expect(paid.fee.units).toBe(3);
  expect(await balanceOf(alice)).toBe(skm("990"));
  expect(await claimable()).toBe(had + skm("10"));
  await reopened.close();
});

test("bad input meets its error before anybody is asked", async () => {
  const alice = await joinPerson(network, "alice");
  const { fees } = alice.client;
  for (const wrong of [
    { units: 0 },
    { units: 1.5 },
    { beneficiary: "0x12" as never },
    { reference: "" },
    { feature: "é" },
  ])
    await expect(fees.pay({ ...file, ...wrong })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(fees.quote({ ...file, units: Number.NaN })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(fees.pay({ ...file, feature: "nothing" })).rejects.toMatchObject({ code: "FEE_NOT_FOR_SALE" });
  const poor = { ...file, units: 1_000, reference: "dear" };
  await expect(fees.pay(poor, alice.wallet)).rejects.toMatchObject({ code: "AMOUNT_OVER_BALANCE" });
  const other = await joinPerson(network, "bob");
  await expect(fees.pay(poor, other.wallet)).rejects.toMatchObject({ code: "WALLET_WRONG_ACCOUNT" });
  await closeAll(alice, other);
});
