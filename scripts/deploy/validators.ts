import type { PublicClient } from "viem";
import { fewestValidators } from "../../sdk/src/chain/provenance.ts";
import { isSameSet } from "../../sdk/src/chain/verified/checkpoint.ts";
import { parseHeader } from "../../sdk/src/chain/verified/header.ts";
import { checkSeals } from "../../sdk/src/chain/verified/seals.ts";
import { readExtraData } from "../chain/qbft/extraData.ts";
import type { Say } from "../lib/say.ts";
import type { Deployment } from "./types.ts";

/**
 * Who seals the blocks of a QBFT chain now, for clients to prove names and SKM by; undefined where that is on record already, and on a chain
 * without seals. Checked as clients will: what they cannot verify is not named.
 */
export async function nameValidators(
  client: Pick<PublicClient, "request">,
  known: Pick<Deployment, "validators">,
  say: Say,
): Promise<Required<Pick<Deployment, "validators" | "validatorsAt">> | undefined> {
  const block = await client.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
  // A chain whose validators a contract names has an empty list here, and cannot be followed.
  if (!block || !readExtraData(block.extraData)?.validators.length) return undefined;
  try {
    const header = parseHeader(block);
    await checkSeals(header);
    const { number, hash, extra } = header;
    if (extra.validators.length < fewestValidators)
      say.warn(
        `The chain has ${extra.validators.length} validators; clients prove nothing by fewer than ${fewestValidators}.`,
      );
    if (known.validators && isSameSet(known.validators.map(lower), extra.validators)) return undefined;
    return { validators: extra.validators, validatorsAt: { number: Number(number), hash } };
  } catch (error) {
    say.warn(
      `The seals of the chain's blocks cannot be verified, so its validators are not named: ${(error as Error).message}`,
    );
    return undefined;
  }
}

const lower = <T extends string>(text: T): T => text.toLowerCase() as T;
