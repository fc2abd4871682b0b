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

export interface Chain {
  /** Folder of the relay's keys, which exists. */
  folder: string;
  rpcUrl: string;
  deployment: Deployment;
}

/** The relay's folder, the chain and its contracts, checked; `usage` is said when something is missing. */
export function chainOf(values: Partial<Record<keyof typeof CHAIN_OPTIONS, string>>, usage: string): Chain {
  const { dir, deployment: file, "rpc-url": rpcUrl } = values;
  if (!dir || !file || !rpcUrl) throw new Refusal(`Usage: ${usage}`);
  if (!URL.canParse(rpcUrl) || !/^https?:$/.test(new URL(rpcUrl).protocol)) {
    throw new Refusal("--rpc-url must be an http or https address.");
  }
  const folder = resolve(dir);
  if (!existsSync(join(folder, "operator.key")) || !existsSync(join(folder, "relay.key.json"))) {
    throw new Refusal(`There are no keys in ${folder}. First: npm run relay -- keys --dir ${dir}`);
  }
  return { folder, rpcUrl, deployment: readDeployment(file) };
}
