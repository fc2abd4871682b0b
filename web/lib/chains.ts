import list from "../chains.json" with { type: "json" };
import type { FurtherChain } from "./types.ts";

/**
 * Chains that people can pay on besides the network's own. They are part of the page's code, so no relay that answers questions can add
 * one; the SDK checks them.
 */
export const furtherChains = list as readonly unknown[] as readonly FurtherChain[];
