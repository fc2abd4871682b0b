import type { Contract, Signer } from "ethers";
import { by, ethers } from "./chain.ts";
import { MINIMUM_STAKE } from "./deploy.ts";
import { hash } from "./identities.ts";
import { domainOf, sign } from "./typedData.ts";

export const ROLE = { mailbox: 1, anchor: 2, turn: 4, bridge: 8, storage: 16 } as const;

export const relayConfig = (over: Record<string, unknown> = {}) => ({
  roles: ROLE.mailbox | ROLE.anchor,
  anchorKey: ethers.ZeroAddress,
  signingKey: hash("signing key"),
  region: "eu-central",
  endpoint: "https://relay.example",
  ...over,
});

/** Consent of an anchor key to write for `operator`. */
export const consent = async (relays: Contract, anchorKey: Signer, operator: string, over = {}): Promise<string> =>
  sign(anchorKey, { ...(await domainOf(relays, "Skrumble RelayRegistry")), ...over }, "AnchorKey", { operator });

/** Registers a relay of `operator` with the anchor role and the minimum stake. */
export async function registerRelay(relays: Contract, operator: Signer, anchorKey: Signer, over = {}): Promise<bigint> {
  const key = await anchorKey.getAddress();
  const signature = await consent(relays, anchorKey, await operator.getAddress());
  await by(operator, relays).register(relayConfig({ anchorKey: key, ...over }), MINIMUM_STAKE, signature);
  return relays.relayByAnchorKey(key);
}
