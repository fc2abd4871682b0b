import { isAddress } from "viem";
import { readJson } from "../lib/files.ts";
import { Refusal } from "../lib/say.ts";
import type { Deployment } from "./types.ts";

/** The record of a deployment, checked as far as every verb needs it. */
export function readDeployment(file: string): Deployment {
  let deployment: Deployment | undefined;
  try {
    deployment = readJson<Deployment>(file);
  } catch {
    throw new Refusal(`${file} cannot be read as JSON.`);
  }
  if (!deployment) throw new Refusal(`There is no ${file}: it is what npm run deploy -- --network NAME leaves behind.`);
  const { chainId, contracts } = deployment;
  if (
    !Number.isSafeInteger(chainId) ||
    !isAddress(contracts?.relayRegistry ?? "") ||
    !isAddress(contracts?.skm ?? "")
  ) {
    throw new Refusal(`${file} does not describe a deployment.`);
  }
  return deployment;
}
