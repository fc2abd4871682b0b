import { join } from "node:path";
import type { Abi, Hex } from "viem";
import { readJson } from "../lib/files.ts";
import { Refusal } from "../lib/say.ts";

const SOURCES = {
  SKM: "contracts/token",
  Membership: "contracts/token",
  IdentityRegistry: "contracts/identity",
  RelayRegistry: "contracts/network",
  SessionAnchor: "contracts/network",
  UsageFees: "contracts/network",
  OperatorRewards: "contracts/rewards",
  Escrow: "contracts/commerce",
  Agreements: "contracts/commerce",
  RedPackets: "contracts/social",
  JobBoard: "contracts/commerce",
  TimelockController: "@openzeppelin/contracts/governance",
} as const;

export type ContractFile = keyof typeof SOURCES;

export interface Artifact {
  abi: Abi;
  bytecode: Hex;
  deployedBytecode: Hex;
  /** Places in the deployed code that the constructor fills in. */
  immutableReferences: Record<string, { start: number; length: number }[]>;
}

/** What the compiler made of a contract. */
export function readArtifact(root: string, name: ContractFile): Artifact {
  const artifact = readJson<Artifact>(join(root, "artifacts", SOURCES[name], `${name}.sol`, `${name}.json`));
  if (!artifact) throw new Refusal(`${name} has not been compiled. Run: npm run build`);
  return artifact;
}

/** Whether `code` on the chain is this artifact, whatever its constructor wrote into the immutable places. */
export function isCodeOf(artifact: Artifact, code: Hex | undefined): boolean {
  if (!code || code.length !== artifact.deployedBytecode.length) return false;
  return masked(artifact, code) === masked(artifact, artifact.deployedBytecode);
}

function masked(artifact: Artifact, code: Hex): string {
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const places of Object.values(artifact.immutableReferences ?? {})) {
    for (const { start, length } of places) bytes.fill(0, start, start + length);
  }
  return bytes.toString("hex");
}
