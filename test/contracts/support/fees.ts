import type { Contract, Signer } from "ethers";
import { type Move, signMove } from "./authorisations.ts";
import { DAY, ethers, now, SKM } from "./chain.ts";
import { deployIdentities, deployToken, GENESIS, STARTING_CREDIT, tiers } from "./deploy.ts";
import { controllerOf, register } from "./identities.ts";
import { domainOf, sign } from "./typedData.ts";

export const FEATURE = ethers.encodeBytes32String("gated-file");
export const PRICE = 2n * SKM;

export interface Fee {
  payer: string;
  beneficiary: string;
  feature: string;
  units: bigint;
  price: bigint;
  credit: bigint;
  deadline: bigint;
  salt: string;
}

/** The fees and a Membership that takes them for a spender. Alice has an identity with credit and 1,000 SKM; Bob provides. */
export async function deployFees() {
  const { skm, deployer, alice, bob, carol } = await deployToken();
  const { registry } = await deployIdentities();
  const [, , , , governor] = await ethers.getSigners();
  const following = ethers.getCreateAddress({ from: deployer.address, nonce: (await deployer.getNonce()) + 1 });
  const setUp = [skm, registry, governor.address, tiers, STARTING_CREDIT, [following]];
  const membership = await ethers.deployContract("Membership", setUp);
  const prices = [{ feature: FEATURE, price: PRICE }];
  const fees = await ethers.deployContract("UsageFees", [skm, membership, governor.address, prices]);
  await register(registry, alice, "alice");
  await skm.emitFrom(GENESIS, alice.address, 1_000n * SKM);
  const fee: Fee = {
    ...{ payer: alice.address, beneficiary: bob.address, feature: FEATURE },
    ...{ units: 3n, price: PRICE, credit: 0n },
    deadline: BigInt((await now()) + DAY),
    salt: ethers.id("first"),
  };
  return { skm, registry, membership, fees, deployer, alice, bob, carol, governor, fee };
}

export const moveOf = async (fees: Contract, fee: Fee): Promise<Move> => ({
  from: fee.payer,
  to: await fees.getAddress(),
  value: fee.price * fee.units - fee.credit,
  validAfter: 0n,
  validBefore: fee.deadline,
  nonce: await fees.receiptOf(fee),
});

/** Arguments of `pay`, signed. */
export async function byWallet(skm: Contract, fees: Contract, signer: Signer, fee: Fee) {
  return [fee, await signMove(skm, signer, "ReceiveWithAuthorization", await moveOf(fees, fee))] as const;
}

/** Arguments of `payFromCredit`, signed by the controller of a person. */
export async function byController(
  fees: Contract,
  fee: Fee,
  signer: Signer = controllerOf("alice"),
  otherDomain: { chainId?: bigint } = {},
) {
  const domain = { ...(await domainOf(fees, "Skrumble UsageFees")), ...otherDomain };
  const signature = await sign(signer, domain, "Fee", { ...fee });
  const { r, yParityAndS } = ethers.Signature.from(signature);
  return [fee, r, yParityAndS] as const;
}
