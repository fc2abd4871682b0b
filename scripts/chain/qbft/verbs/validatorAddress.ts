import { type Address, isAddress } from "viem";
import { Refusal } from "../../../lib/say.ts";
import { nodeName, type QbftNetwork, validatorsOf } from "../network.ts";

/** A validator's address from its name in this network, or as it is. */
export function validatorAddress(network: QbftNetwork, who: string): Address {
  const named = validatorsOf(network).find((node) => nodeName(node) === who);
  if (named) return named.address;
  if (isAddress(who, { strict: false })) return who.toLowerCase() as Address;
  throw new Refusal(`${who} is neither a validator of this network nor an address.`);
}
