import { parseEther } from "viem";
import { expect, test } from "vitest";
import { joinPerson } from "../../../test/support/network.ts";
import { usageFeesAbi } from "../../src/generated/index.ts";
import type { WalletSigner } from "../../src/index.ts";
import { closeAll, useNetwork } from "../support/network.ts";
import { chainOf } from "../support/skm.ts";

/** Fees over a real chain and real relays. Newcomers have 100 SKM of credit; "gated-file" costs 2 SKM. */

const network = useNetwork();
const skm = parseEther;
const beneficiary = "0x00000000000000000000000000000000000be4ef" as const;
const use = { feature: "gated-file", units: 3, price: skm("2"), beneficiary, reference: "file one" };

const onChain = <name extends "claimable" | "isPaid">(functionName: name, args: readonly unknown[]) => {
  const fees = { address: network.deployment.contracts.usageFees, abi: usageFeesAbi };
  return chainOf(network).client.readContract({ ...fees, functionName, args } as never);
};

test("a use is paid from credit without a prompt, and what credit does not reach by one signature", async () => {
  const alice = await joinPerson(network, "alice");
  const { fees } = alice.client;
  expect(await fees.quote(use)).toMatchObject({ price: skm("2"), fromCredit: skm("6"), needsWallet: false });
  const paid = await fees.pay(use);
  expect(await onChain("isPaid", [paid.fee])).toBe(true);
  expect(await onChain("claimable", [beneficiary])).toBe(0n);
  expect((await alice.client.tier()).credit).toBe(skm("94"));

  await chainOf(network).giveSkm(alice.wallet.address, skm("1000"));
  const dear = { ...use, units: 50, reference: "file two" };
  await expect(fees.pay(dear)).rejects.toMatchObject({ code: "FEE_NEEDS_WALLET", values: { missing: "6" } });
  await fees.pay(dear, alice.wallet);
  expect(await onChain("claimable", [beneficiary])).toBe(skm("6"));
  expect(await chainOf(network).skmOf(alice.wallet.address)).toBe(skm("994"));
  await closeAll(alice);
});

test("a tab that is closed while the wallet answers pays once", async () => {
  const alice = await joinPerson(network, "alice");
  await chainOf(network).giveSkm(alice.wallet.address, skm("1000"));
  const dear = { ...use, units: 80, reference: "file three" };
  const closing: WalletSigner = {
    ...alice.wallet,
    async signTypedData(data) {
      const signature = await alice.wallet.signTypedData(data);
      setTimeout(() => void alice.client.close(), 0);
      return signature;
    },
  };
  await expect(alice.client.fees.pay(dear, closing)).rejects.toThrow();
  await alice.client.close();
  const again = await alice.reopen();
  const paid = await again.fees.pay(dear, alice.wallet);
  expect(await again.fees.pay(dear)).toEqual(paid);
  expect(await chainOf(network).skmOf(alice.wallet.address)).toBe(skm("940"));
  await closeAll(alice);
});
