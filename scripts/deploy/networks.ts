import { join } from "node:path";
import { isAddress, isAddressEqual, zeroAddress } from "viem";
import { readJson } from "../lib/files.ts";
import { Refusal } from "../lib/say.ts";
import { isBlockSeconds } from "../rewards/rule.ts";
import { localParameters, publicParameters } from "./parameters.ts";
import type { Grant, Parameters } from "./types.ts";

/** As OperatorRewards has them. */
const FEWEST_ATTESTERS = 4;
const MOST_ATTESTERS = 64;

export interface Network {
  name: string;
  chainId: number;
  rpcUrl: string;
  parameters: Parameters;
  governors: `0x${string}`[];
  attesters: `0x${string}`[];
  grants: Grant[];
  fees: "zero" | "estimate";
  blockSeconds?: number;
}

interface Entry {
  chainId: number;
  rpcUrl: string;
  parameters?: "public" | "local";
  governors?: string[];
  attesters?: string[];
  grants?: { to: string; amount: string }[];
  fees?: "zero" | "estimate";
  blockSeconds?: number;
}

/** A network of deployments/networks.json, checked. */
export function readNetwork(root: string, name: string | undefined): Network {
  const file = join(root, "deployments", "networks.json");
  const entries = readJson<Record<string, Entry>>(file) ?? {};
  const known = Object.keys(entries).join(", ");
  if (!name) throw new Refusal(`Which network? npm run deploy -- --network NAME (known: ${known})`);
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (!entry) throw new Refusal(`There is no network "${name}" in deployments/networks.json (known: ${known}).`);
  const wrong = (what: string) => new Refusal(`deployments/networks.json, "${name}": ${what}.`);
  if (!Number.isSafeInteger(entry.chainId) || entry.chainId <= 0) throw wrong("chainId must be a number");
  if (!URL.canParse(entry.rpcUrl)) throw wrong("rpcUrl must be a URL");
  const governors = entry.governors ?? [];
  if (!governors.every(valid)) throw wrong("governors must be addresses");
  if (governors.length === 0 && entry.parameters !== "local") {
    throw wrong(
      "governors is missing: name the multisig or hardware wallet that governs; the deployer must not be left in power",
    );
  }
  const attesters = entry.attesters ?? [];
  if (!attesters.every(valid)) throw wrong("attesters must be addresses");
  if (attesters.some((one) => isAddressEqual(one, zeroAddress))) throw wrong("the zero address cannot attest");
  if (attesters.length !== 0 && (attesters.length < FEWEST_ATTESTERS || attesters.length > MOST_ATTESTERS)) {
    throw wrong(`attesters must be ${FEWEST_ATTESTERS} to ${MOST_ATTESTERS}, or none until the governors name some`);
  }
  if (new Set(attesters.map((one) => one.toLowerCase())).size < attesters.length) {
    throw wrong("an attester is there twice");
  }
  const grants = (entry.grants ?? []).map(({ to, amount }) => {
    if (!valid(to) || !/^[1-9]\d{0,9}$/.test(amount)) throw wrong("a grant needs an address and whole SKM");
    return { to, amount: BigInt(amount) };
  });
  const { blockSeconds } = entry;
  if (blockSeconds !== undefined && !isBlockSeconds(blockSeconds)) {
    throw wrong("blockSeconds must be a number of which a minute has a whole one, such as 1, 2 or 5");
  }
  return {
    name,
    chainId: entry.chainId,
    rpcUrl: process.env.SKRUMBLE_RPC_URL ?? entry.rpcUrl,
    parameters: entry.parameters === "local" ? localParameters : publicParameters,
    governors: governors as `0x${string}`[],
    // As the contract wants them.
    attesters: (attesters as `0x${string}`[]).toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
    grants,
    fees: entry.fees ?? "zero",
    ...(blockSeconds === undefined ? {} : { blockSeconds }),
  };
}

const valid = (text: string): text is `0x${string}` => isAddress(text);
