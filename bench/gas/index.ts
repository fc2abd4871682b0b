import hre from "hardhat";
import { median, report } from "../lib/report.ts";

/**
 * `npm run bench -- gas`: what people's transactions cost, beside peers compiled by the same compiler and run on the same chain
 * in the same run. Metric: contract.function, and which case of it.
 *
 * - SKM's transfer, holding window included: beside OpenZeppelin's ERC20Votes, which remembers balances too, and Solady's ERC20,
 *   which remembers nothing.
 * - a share of a lucky packet, claim and draw, tickets drawn ten at a time: beside the claim of Mask's red packet, from its own
 *   gas report (github.com/DimensionDev/RedPacket), as its code is not ours to ship.
 * - opening an escrow, releasing a milestone: no peer does the same; the goals are in scripts/gas-snapshot.ts.
 */

const bench = "gas";
const runs = Number(process.argv[2] ?? 5);
const maskClaim = { name: "mask-report", value: 92_000 };

type Readings = Record<string, number>;

await hre.tasks.getTask("build").run({ quiet: true });
const { createMeter } = await import("../../test/contracts/gas/meter.ts");
const { measureToken, measurePeerTokens } = await import("../../test/contracts/gas/token.ts");
const { measureAgreements, measureEscrow } = await import("../../test/contracts/gas/agreements.ts");
const { measurePackets } = await import("../../test/contracts/gas/packets.ts");
const { networkHelpers } = await import("../../test/contracts/support/chain.ts");

async function once(): Promise<Readings> {
  const meter = createMeter();
  await measureToken(meter);
  await measurePeerTokens(meter);
  await measureAgreements(meter);
  await measureEscrow(meter);
  const shares = await measurePackets(meter);
  const perPerson = Object.entries(shares).map(([asset, per]) => [
    `RedPackets.claim+draw: ${asset}`,
    per["10"] ?? Number.NaN,
  ]);
  return { ...meter.readings, ...Object.fromEntries(perPerson) };
}

const readings: Readings[] = [];
for (let run = 0; run < runs; run++) {
  const untouched = await networkHelpers.takeSnapshot();
  readings.push(await once());
  await untouched.restore();
}
const samples = (metric: string): number[] =>
  readings.map((one) => {
    const gas = one[metric];
    if (gas === undefined) throw new Error(`${metric} was not measured`);
    return gas;
  });

function tell(metric: string, peer?: { name: string; value: number } | { name: string; metric: string }): void {
  const ours = samples(metric);
  const beside = peer && { name: peer.name, value: "value" in peer ? peer.value : median(samples(peer.metric)) };
  report({ bench, metric, unit: "gas", ours: median(ours), samples: ours, ...(beside ? { peer: beside } : {}) });
}

for (const which of ["to a newcomer", "between holders"]) {
  tell(`SKM.transfer: ${which}`, { name: "erc20votes", metric: `ERC20Votes.transfer: not delegated, ${which}` });
  tell(`SKM.transfer: ${which}`, { name: "solady", metric: `Solady.transfer: ${which}` });
}
const delegated = { name: "erc20votes-delegated", metric: "ERC20Votes.transfer: delegated, between holders" };
tell("SKM.transfer: between holders", delegated);
tell("SKM.transfer: between holders, first of an epoch", delegated);
for (const asset of ["coin", "SKM"]) tell(`RedPackets.claim+draw: ${asset}`, maskClaim);
tell("Agreements.conclude: escrow, 2 parties, 3 milestones");
for (const which of ["to a newcomer", "a part", "signed"]) tell(`Escrow.accept: ${which}`);
