import { argsOf, SPLIT, signMove, split, WHOLE } from "../support/authorisations.ts";
import { by, ethers, SKM, time } from "../support/chain.ts";
import { deployToken, FLOW, GENESIS, WINDOW } from "../support/deploy.ts";
import { domainOf, sign } from "../support/typedData.ts";
import type { Meter } from "./meter.ts";

/** Far enough for any test chain, and the same in every run, so that signatures do not change a snapshot. */
export const DEADLINE = 10n ** 11n;

export async function measureToken(meter: Meter): Promise<void> {
  const { skm, alice, bob, carol } = await deployToken();
  const [, , , , , dave, erin] = await ethers.getSigners();
  const send = (name: string, args: unknown[], which?: string, as = alice) =>
    meter.send("SKM", by(as, skm), name, args, which);
  const deployer = (await ethers.getSigners())[0];
  await send("emitFrom", [GENESIS, alice.address, 1_000n * SKM], "to a newcomer", deployer);
  await send("emitFrom", [FLOW, alice.address, SKM], "to a holder", deployer);
  await skm.emitFrom(GENESIS, bob.address, SKM);
  await send("transfer", [dave.address, SKM], "to a newcomer");
  await send("transfer", [bob.address, SKM], "between holders");
  await time.increase(2 * WINDOW);
  await send("transfer", [bob.address, SKM], "between holders, first of an epoch");
  await send("approve", [carol.address, 10n * SKM]);
  await send("transferFrom", [alice.address, bob.address, SKM], undefined, carol);
  const domain = await domainOf(skm, "Skrumble");
  const message = { owner: alice.address, spender: bob.address, value: SKM, nonce: 0n, deadline: DEADLINE };
  const { v, r, s } = ethers.Signature.from(await sign(alice, domain, "Permit", message));
  await send("permit", [alice.address, bob.address, SKM, DEADLINE, v, r, s]);
  const move = { from: alice.address, value: SKM, validAfter: 0n, validBefore: DEADLINE };
  for (const [index, [name, to, which]] of (
    [
      [SPLIT.transfer, bob, "to a holder"],
      [WHOLE.transfer, bob, "to a holder, a signature of bytes"],
      [SPLIT.receive, carol, "to a newcomer"],
      [WHOLE.receive, carol, "to a holder"],
    ] as const
  ).entries()) {
    const type = name.startsWith("transfer") ? "TransferWithAuthorization" : "ReceiveWithAuthorization";
    const signedMove = { ...move, to: to.address, nonce: ethers.id(`authorisation ${index}`) };
    const signature = await signMove(skm, alice, type, signedMove);
    const words = name === SPLIT.transfer || name === SPLIT.receive ? split(signature) : [signature];
    await send(name, [...argsOf(signedMove), ...words], which, to);
  }
  const cancelled = { authorizer: alice.address, nonce: ethers.id("cancelled") };
  const cancellation = await sign(alice, domain, "CancelAuthorization", cancelled);
  await send(WHOLE.cancel, [cancelled.authorizer, cancelled.nonce, cancellation]);
  await send("setController", [FLOW, erin.address], undefined, deployer);
  for (const [name, ...args] of [
    ["name"],
    ["symbol"],
    ["decimals"],
    ["totalSupply"],
    ["balanceOf", alice.address],
    ["allowance", alice.address, bob.address],
    ["nonces", alice.address],
    ["authorizationState", alice.address, cancelled.nonce],
    ["DOMAIN_SEPARATOR"],
    ["eip712Domain"],
    ["CAP"],
    ["window"],
    ["buckets"],
    ["releasable", FLOW],
    ["lowestBalance", alice.address],
  ] as const) {
    await meter.read("SKM", skm, name, args);
  }
}

/** The same transfers with OpenZeppelin's ERC20Votes, which also remembers balances, and with Solady's ERC20, which does not. */
export async function measurePeerTokens(meter: Meter): Promise<void> {
  const [deployer, alice, bob, carol, dave, erin] = await ethers.getSigners();
  const plain = await ethers.deployContract("PlainTokenMock");
  await plain.transfer(alice.address, 1_000n * SKM);
  await meter.send("Solady", plain, "transfer", [erin.address, SKM], "to a newcomer");
  await meter.send("Solady", plain, "transfer", [alice.address, SKM], "between holders");
  const votes = await ethers.deployContract("VotesTokenMock");
  for (const holder of [alice, bob, carol, dave]) await votes.transfer(holder.address, 1_000n * SKM);
  for (const delegating of [carol, dave]) await by(delegating, votes).delegate(delegating.address);
  const send = (to: string, which: string, as = deployer) =>
    meter.send("ERC20Votes", by(as, votes), "transfer", [to, SKM], which);
  await send(erin.address, "not delegated, to a newcomer");
  await send(bob.address, "not delegated, between holders", alice);
  await send(dave.address, "delegated, between holders", carol);
}
