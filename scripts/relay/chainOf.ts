import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readDeployment } from "../deploy/readDeployment.ts";
import type { Deployment } from "../deploy/types.ts";
import { Refusal } from "../lib/say.ts";

/** Options of every verb that speaks to the chain. */
export const CHAIN_OPTIONS = {
  dir: { type: "string" },
  deployment: { type: "string" },
  "rpc-url": { type: "string" },
} as const;

/** Names a relay whose relay.key.json is lost. */
export const NUMBER_OPTION = { relay: { type: "string" } } as const;

/** What `--relay` says; undefined: the relay is the one of relay.key.json. */
export function relayNumber(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (!/^\d{1,10}$/.test(given) || number < 1 || number > 0xffff_ffff) {
    throw new Refusal("--relay is the relay's number in the registry.");
  }
  return number;
}

export interface Chain {
  /** Folder of the relay's keys, which exists. */
  folder: string;
  rpcUrl: string;
  deployment: Deployment;
}

/**
 * The relay's folder, the chain and its contracts, checked; `usage` is said when something is missing. Without `relayKey` the
 * operator's key is enough.
 */
export function chainOf(
  values: Partial<Record<keyof typeof CHAIN_OPTIONS, string>>,
  usage: string,
  { relayKey = true } = {},
): Chain {
  const { dir, deployment: file, "rpc-url": rpcUrl } = values;
  if (!dir || !file || !rpcUrl) throw new Refusal(`Usage: ${usage}`);
  if (!URL.canParse(rpcUrl) || !/^https?:$/.test(new URL(rpcUrl).protocol)) {
    throw new Refusal("--rpc-url must be an http or https address.");
  }
  const folder = resolve(dir);
  const wanted = ["operator.key", ...(relayKey ? ["relay.key.json"] : [])];
  if (!wanted.every((name) => existsSync(join(folder, name)))) {
    throw new Refusal(`There are no keys in ${folder}. First: npm run relay -- keys --dir ${dir}`);
  }
  return { folder, rpcUrl, deployment: readDeployment(file) };
}
