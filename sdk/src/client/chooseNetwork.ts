import { fetchNetwork } from "../chain/network.ts";
import type { NetworkInfo } from "../chain/types.ts";
import { SkrumbleError } from "../errors/index.ts";
import { networks } from "../generated/index.ts";

/** A network that comes with the program. */
export type BuiltIn = Pick<NetworkInfo, "chainId" | "contracts" | "validators" | "validatorsAt">;

/**
 * Learns at the very first start what network this is. One address given: its word has to do. Several: two must say the
 * same, or one what the program itself knows; a relay that answers fastest, or alone while others are silent, does not
 * choose the contracts for everybody.
 * @throws SkrumbleError NETWORK_UNREACHABLE (too few answers), QUORUM_FAILED (they differ), NETWORK_INVALID
 */
export async function chooseNetwork(
  bootstrap: readonly string[],
  options: { fetch?: typeof fetch; builtIn?: readonly BuiltIn[] } = {},
): Promise<NetworkInfo> {
  const urls = [...new Set(bootstrap)];
  if (urls.length === 0) throw new SkrumbleError("NETWORK_UNREACHABLE", { details: "No relay was given." });
  const fetching = options.fetch ? { fetch: options.fetch } : {};
  const needed = Math.min(2, urls.length);
  const votes = new Map((options.builtIn ?? Object.values(networks)).map((network) => [keyOf(network), 1]));
  const errors: unknown[] = [];
  let answered = 0;
  return new Promise((resolve, reject) => {
    const take = (info: NetworkInfo) => {
      answered++;
      const count = (votes.get(keyOf(info)) ?? 0) + 1;
      votes.set(keyOf(info), count);
      if (count >= needed) resolve(info);
    };
    const asks = urls.map((url) => fetchNetwork(url, fetching).then(take, (error) => void errors.push(error)));
    void Promise.all(asks).then(() => {
      if (answered > 1)
        return reject(new SkrumbleError("QUORUM_FAILED", { details: "The relays name other networks." }));
      if (answered === 1) {
        const details = "Only one of the given relays answers, and nothing confirms what it says.";
        return reject(new SkrumbleError("NETWORK_UNREACHABLE", { details }));
      }
      reject(errors.find((one) => one instanceof SkrumbleError) ?? new SkrumbleError("NETWORK_UNREACHABLE"));
    });
  });
}

/** The name is for people to read; what counts is the chain, the contracts and whose seals are believed. */
const keyOf = ({ chainId, contracts, validators = [], validatorsAt }: BuiltIn): string =>
  [
    chainId,
    contracts.skm,
    contracts.membership,
    contracts.identityRegistry,
    contracts.relayRegistry,
    contracts.sessionAnchor,
    contracts.usageFees,
    contracts.agreements,
    contracts.redPackets,
    contracts.jobBoard,
    ...validators,
    ...(validatorsAt ? ["at", validatorsAt.number, validatorsAt.hash ?? ""] : []),
  ]
    .join()
    .toLowerCase();
