// What the contracts cost: gas of every public function, anchoring per session, a share of a red packet, a transfer
// beside ERC20Votes, sizes.
//   node scripts/gas-snapshot.ts           measures and writes snapshots/gas.json
//   node scripts/gas-snapshot.ts --check   measures and fails when it differs from snapshots/gas.json
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import hre, { artifacts } from "hardhat";

/** Part by which a number may differ: signatures and addresses have more or fewer zero bytes, which cost less. */
const TOLERANCE = 0.005;
const CODE_LIMIT = 24_576;
const INIT_CODE_LIMIT = 49_152;
/** Most gas per session when 200 begin in one block. */
const ANCHOR_LIMIT = 1_000;
/** Most gas to open the escrow of two people with three milestones, and to release a milestone. */
const ESCROW_LIMIT = 250_000;
const RELEASE_LIMIT = 70_000;
/** Gas of a red-packet claim and draw per person, tickets drawn ten at a time: what Mask's report gives for its claim. */
const PACKET_LIMIT = 92_000;
/** Most gas to make a packet of SKM by signature. */
const SIGNED_PACKET_LIMIT = 330_000;
const CONTRACTS = [
  "SKM",
  "Membership",
  "IdentityRegistry",
  "RelayRegistry",
  "SessionAnchor",
  "UsageFees",
  "OperatorRewards",
  "Agreements",
  "Escrow",
  "RedPackets",
  "JobBoard",
];

interface Snapshot {
  /** Leaves under one root -> gas per session. */
  anchoringPerSession: Record<string, number>;
  /** Asset -> tickets per draw -> gas per person of a red-packet claim and its part of the draw. */
  packetPerPerson: Record<string, Record<string, number>>;
  /** Deployed code and code to deploy with, in bytes. */
  size: Record<string, { code: number; initCode: number }>;
  gas: Record<string, number>;
}

const file = join(import.meta.dirname, "..", "snapshots", "gas.json");

async function measure(): Promise<Snapshot> {
  await hre.tasks.getTask("build").run({ quiet: true });
  const { createMeter } = await import("../test/contracts/gas/meter.ts");
  const { measureToken, measurePeerTokens } = await import("../test/contracts/gas/token.ts");
  const { measureMembership } = await import("../test/contracts/gas/membership.ts");
  const { measureIdentities } = await import("../test/contracts/gas/identity.ts");
  const { measureRelays, measureAnchors } = await import("../test/contracts/gas/network.ts");
  const { measureFees } = await import("../test/contracts/gas/fees.ts");
  const { measureRewards } = await import("../test/contracts/gas/rewards.ts");
  const { measureAgreements, measureEscrow } = await import("../test/contracts/gas/agreements.ts");
  const { measureJobs } = await import("../test/contracts/gas/jobs.ts");
  const { measurePackets } = await import("../test/contracts/gas/packets.ts");
  const meter = createMeter();
  await measureToken(meter);
  await measurePeerTokens(meter);
  await measureMembership(meter);
  await measureIdentities(meter);
  await measureRelays(meter);
  const anchoringPerSession = await measureAnchors(meter);
  await measureFees(meter);
  await measureRewards(meter);
  await measureAgreements(meter);
  await measureEscrow(meter);
  await measureJobs(meter);
  const packetPerPerson = await measurePackets(meter);
  const size: Snapshot["size"] = {};
  for (const name of CONTRACTS) {
    const { bytecode, deployedBytecode } = await artifacts.readArtifact(name);
    size[name] = { code: (deployedBytecode.length - 2) / 2, initCode: (bytecode.length - 2) / 2 };
  }
  const gas = Object.fromEntries(Object.entries(meter.readings).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { anchoringPerSession, packetPerPerson, size, gas };
}

/** What must hold whatever was committed. */
async function promises({ anchoringPerSession, packetPerPerson, size, gas }: Snapshot): Promise<string[]> {
  const broken: string[] = [];
  const expect = (holds: boolean, sentence: string) => holds || broken.push(sentence);
  for (const [name, { code, initCode }] of Object.entries(size)) {
    expect(code < CODE_LIMIT, `${name} has ${code} bytes of code; the limit is ${CODE_LIMIT}`);
    expect(initCode < INIT_CODE_LIMIT, `${name} is deployed with ${initCode} bytes; the limit is ${INIT_CODE_LIMIT}`);
    const { abi } = await artifacts.readArtifact(name);
    for (const item of abi.filter(({ type }: { type: string }) => type === "function")) {
      const key = `${name}.${item.name}`;
      const measured = Object.keys(gas).some((entry) => entry === key || entry.startsWith(`${key}:`));
      expect(measured, `${key} is not measured: add it under test/contracts/gas`);
    }
  }
  const perSession = Object.values(anchoringPerSession);
  expect(
    perSession.every((value, index) => index === 0 || value < (perSession[index - 1] ?? 0)),
    `Anchoring per session does not fall with the number of sessions: ${perSession.join(", ")}`,
  );
  const atMany = anchoringPerSession["200"] ?? Number.POSITIVE_INFINITY;
  expect(atMany < ANCHOR_LIMIT, `Anchoring costs ${atMany} gas per session at 200; the limit is ${ANCHOR_LIMIT}`);
  for (const [asset, per] of Object.entries(packetPerPerson)) {
    expect(
      (per["10"] ?? Infinity) < PACKET_LIMIT,
      `A share in ${asset} costs ${per["10"]} gas, not below ${PACKET_LIMIT}`,
    );
  }
  for (const [ours, theirs] of [
    ["SKM.transfer: between holders", "ERC20Votes.transfer: not delegated, between holders"],
    ["SKM.transfer: between holders", "ERC20Votes.transfer: delegated, between holders"],
    ["SKM.transfer: between holders, first of an epoch", "ERC20Votes.transfer: not delegated, between holders"],
    ["SKM.transfer: to a newcomer", "ERC20Votes.transfer: not delegated, to a newcomer"],
    // One transaction by anybody, instead of a permit and a second one by whom it allows.
    ["SKM.transferWithAuthorization: to a holder", "SKM.permit"],
  ] as const) {
    expect((gas[ours] ?? Infinity) < (gas[theirs] ?? 0), `${ours} (${gas[ours]}) costs more than ${theirs}`);
  }
  for (const [key, limit] of [
    ["Agreements.conclude: escrow, 2 parties, 3 milestones", ESCROW_LIMIT],
    ["Escrow.accept: to a newcomer", RELEASE_LIMIT],
    ["Escrow.accept: signed", RELEASE_LIMIT],
    ["RedPackets.createFor: lucky, SKM", SIGNED_PACKET_LIMIT],
  ] as const) {
    expect((gas[key] ?? Infinity) < limit, `${key} costs ${gas[key]} gas; the limit is ${limit}`);
  }
  return broken;
}

/** Numbers of `now` that are not those of `before`, a sentence each. */
function drift(now: Snapshot, before: Snapshot): string[] {
  const flat = ({ anchoringPerSession, packetPerPerson, size, gas }: Snapshot): Record<string, number> => ({
    ...gas,
    ...Object.fromEntries(
      Object.entries(anchoringPerSession).map(([n, value]) => [`anchoring per session at ${n}`, value]),
    ),
    ...Object.fromEntries(
      Object.entries(packetPerPerson).flatMap(([asset, per]) =>
        Object.entries(per).map(([n, value]) => [`packet share in ${asset}, ${n} tickets a draw`, value]),
      ),
    ),
    ...Object.fromEntries(
      Object.entries(size).flatMap(([name, s]) => [
        [`${name} code`, s.code],
        [`${name} init code`, s.initCode],
      ]),
    ),
  });
  const [a, b] = [flat(now), flat(before)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    const [is, was] = [a[key], b[key]];
    if (is === undefined || was === undefined) return [`${key}: ${was ?? "not there"} -> ${is ?? "gone"}`];
    return Math.abs(is - was) > was * TOLERANCE ? [`${key}: ${was} -> ${is}`] : [];
  });
}

const snapshot = await measure();
const problems = await promises(snapshot);
console.log("Anchoring, gas per session:", snapshot.anchoringPerSession);
console.log("Red packets, gas per person:", snapshot.packetPerPerson);
for (const [key, gas] of Object.entries(snapshot.gas)) if (key.includes(".transfer")) console.log(`${key}: ${gas}`);
if (process.argv.includes("--check")) {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Snapshot) : undefined;
  problems.push(...(before ? drift(snapshot, before) : ["snapshots/gas.json is missing"]));
  if (problems.length > 0)
    problems.push("If this is meant: node scripts/gas-snapshot.ts, and commit snapshots/gas.json");
} else if (problems.length === 0) {
  writeFileSync(file, `${JSON.stringify(snapshot, null, 2)}\n`);
  console.log("Written to snapshots/gas.json");
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
