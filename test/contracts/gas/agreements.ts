import {
  act,
  authorisation,
  deployAgreements,
  open,
  plainTerms,
  RESPONSE,
  REVIEW,
  saleTerms,
  signatures,
  workTerms,
} from "../support/agreements.ts";
import { by, DAY, ethers, networkHelpers, SKM, time } from "../support/chain.ts";
import { deployToken, GENESIS } from "../support/deploy.ts";
import { hash } from "../support/identities.ts";
import { domainOf, sign } from "../support/typedData.ts";
import type { Meter } from "./meter.ts";
import { DEADLINE } from "./token.ts";

/** Times that are the same in every run, so that signatures and hashes do not change a snapshot. */
const YEAR = 365 * DAY;
const START = 4_000_000_000;

export async function measureAgreements(meter: Meter): Promise<void> {
  const world = await deployAgreements();
  const { agreements, payer, payee, witness, stranger } = world;
  const send = (name: string, args: unknown[], which?: string) =>
    meter.send("Agreements", by(stranger, agreements), name, args, which);
  const signing = { [payer.address]: payer, [payee.address]: payee, [witness.address]: witness };
  const signBy = START + YEAR;
  await time.increaseTo(START);
  const plain = await plainTerms(world, { signBy });
  await send("conclude", [plain, await signatures(agreements, plain, signing)], "no money, 3 parties");
  for (const count of [3, 32]) {
    const milestones = Array.from({ length: count }, (_, i) => ({ amount: SKM, due: START + YEAR + i * DAY }));
    const work = await workTerms(world, { signBy, milestones });
    const signed = await signatures(agreements, work, signing);
    await send("conclude", [work, signed], `escrow, 2 parties, ${count} milestones`);
    if (count !== 3) continue;
    await meter.read("Agreements", agreements, "idOf", [work]);
    await meter.read("Agreements", agreements, "escrowOf", [work]);
    await meter.read("Agreements", agreements, "agreement", [await agreements.idOf(work)]);
  }
  const id = hash("terms");
  const domain = await domainOf(agreements, "Skrumble Agreements");
  const retraction = await sign(payer, domain, "Retract", { agreementId: id, deadline: DEADLINE });
  await send("retract", [id, payer.address, DEADLINE, retraction]);
  await send("reclaim", [{ ...(await workTerms(world)), signBy: START }]);
  for (const [name, ...args] of [
    ["isRetracted", id, payer.address],
    ["escrowImplementation"],
    ["eip712Domain"],
  ] as const) {
    await meter.read("Agreements", agreements, name, args);
  }
}

/** Work and a sale paid in SKM. */
export async function measureEscrow(meter: Meter): Promise<void> {
  const base = await deployAgreements();
  const { payer, payee, arbiter, stranger } = base;
  const { skm } = await deployToken();
  await skm.emitFrom(GENESIS, payer.address, 1_000_000n * SKM);
  const world = { ...base, token: skm };
  const start = START + 2 * YEAR;
  await time.increaseTo(start);
  const milestones = Array.from({ length: 8 }, (_, i) => ({ amount: SKM, due: start + (i + 1) * 10 * DAY }));
  const common = { milestones, signBy: start + DAY };
  const escrow = await open(world, await workTerms(world, common));
  const sale = await open(world, await saleTerms(world, common));
  for (const spender of [escrow, sale]) await by(payer, skm).approve(spender, ethers.MaxUint256);

  /** Called by `as`, or signed by `as` and submitted by somebody else. */
  const measure = async (as: typeof payer, verb: string, args: unknown[], which?: string, on = escrow) => {
    const signed = which?.includes("signed");
    const auth = await authorisation(on, as, verb, args);
    const given = signed ? auth : { ...auth, signature: "0x" };
    await meter.send("Escrow", by(signed ? stranger : as, on), verb, [...args, given], which);
  };
  await measure(payer, "fund", [0n, 1n], "1 of 8 milestones");
  await measure(payer, "fund", [1n, 7n], "7 of 8 milestones, signed");
  await measure(payee, "submit", [0n, hash("work")]);
  await measure(payee, "submit", [1n, hash("work")], "signed");
  await measure(payer, "accept", [0n, SKM], "to a newcomer");
  await measure(payer, "accept", [1n, SKM / 2n], "a part");
  await measure(payer, "accept", [1n, SKM / 2n], "signed");
  await act(escrow, payee, "submit", [2n, hash("work")]);
  await measure(payer, "reject", [2n, hash("reason")]);
  await measure(payee, "submit", [2n, hash("work")], "again");
  await measure(payee, "dispute", [2n, hash("reason")]);
  await measure(arbiter, "rule", [2n, SKM / 2n]);
  await measure(payee, "refund", [3n, SKM]);
  await measure(payee, "extend", [4n, BigInt(start + YEAR)], "first consent");
  await measure(payer, "extend", [4n, BigInt(start + YEAR)], "second consent");
  for (const [name, ...args] of [
    ["terms"],
    ["milestone", 5n],
    ["account", payee.address],
    ["step"],
    ["accounted"],
    ["isFinished"],
    ["timeoutOf", 5n],
    ["eip712Domain"],
  ] as const) {
    await meter.read("Escrow", escrow, name, args);
  }
  await time.increaseTo(start + 70 * DAY);
  await meter.send("Escrow", by(stranger, escrow), "settle", [5n]);
  await measure(payee, "cancel", [SKM], "first consent");
  await measure(payer, "cancel", [SKM], "second consent, 8 milestones");
  await by(payer, skm).transfer(escrow, 1n);
  await measure(payer, "sweep", [await skm.getAddress()]);
  await measure(payer, "fund", [0n, 1n], "an instalment", sale);
  await time.increase(REVIEW + RESPONSE);
  await measure(payee, "declareDefault", [1n], "8 instalments", sale);
  await measureWithdrawals(meter, base);
  // Only the factory calls this, when it opens an escrow for a reclaim.
  const lapsing = await open(base, await workTerms(base, { salt: hash("lapsing") }));
  const factory = await base.agreements.getAddress();
  await networkHelpers.impersonateAccount(factory);
  await meter.send("Escrow", by(await ethers.getSigner(factory), lapsing), "lapse", [], "3 milestones");
}

/** Money that could not be sent, withdrawn later. */
async function measureWithdrawals(meter: Meter, world: Awaited<ReturnType<typeof deployAgreements>>): Promise<void> {
  const { token, payer, payee, witness, stranger } = world;
  const escrow = await open(world, await workTerms(world));
  await by(payer, token).approve(escrow, ethers.MaxUint256);
  await act(escrow, payer, "fund", [0n, 3n]);
  await token.setRefused(payee.address, true);
  await act(escrow, payer, "accept", [0n, 1_000n]);
  const auth = await authorisation(escrow, payee, "withdrawTo", [witness.address]);
  await meter.send("Escrow", by(stranger, escrow), "withdrawTo", [witness.address, auth], "signed");
  await act(escrow, payer, "accept", [1n, 1_000n]);
  await token.setRefused(payee.address, false);
  await meter.send("Escrow", by(stranger, escrow), "withdraw", [payee.address]);
}
