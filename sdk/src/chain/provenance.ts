import type { Provenance } from "../types/chains.ts";
import type { AnyChain, Chain } from "./chain.ts";

/** With 3f + 1 validators f may lie: fewer than these cannot bear one. */
export const fewestValidators = 4;

/** The network's own chain; SKM and names are nowhere else. */
const isHome = (chain: AnyChain): chain is Chain => !chain.further;

/** The chain, where its seals prove names, SKM and the list of relays; undefined where operators have to agree instead. */
export function provable(chain: AnyChain): Chain | undefined {
  const named = isHome(chain) ? (chain.network.validators?.length ?? 0) : 0;
  return isHome(chain) && named >= fewestValidators ? chain : undefined;
}

/** How what relays say of names, SKM and each other is checked now. */
export function provenanceOf(chain: Chain): Provenance {
  const { validators } = chain.network;
  if (!validators) return "no-seals";
  if (validators.length < fewestValidators) return "few-validators";
  return operatorsOf(chain) < 2 ? "one-operator" : "proven";
}

/** How many run the relays that are known. */
export const operatorsOf = ({ rpc }: Pick<Chain, "rpc">): number =>
  new Set(rpc.endpoints().map(({ operator }) => operator)).size;
