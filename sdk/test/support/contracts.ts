import type { Address } from "../../src/types/primitives.ts";

/** A network all of whose contracts are said to be at one address. */
export const contractsAt = (at: Address) => ({
  skm: at,
  membership: at,
  identityRegistry: at,
  relayRegistry: at,
  sessionAnchor: at,
  usageFees: at,
  agreements: at,
  redPackets: at,
  jobBoard: at,
});
