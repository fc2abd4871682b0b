import { codeOf, SkrumbleError } from "../../errors/index.ts";
import { busyFor } from "../rpc.ts";
import type { RpcEndpoint } from "../types.ts";
import { tooFewValidators, unproven } from "./unproven.ts";

/** What kept one read from being proven so far. */
export interface Findings {
  /** Relays that said what is not so, in this round. */
  liars: Map<string, RpcEndpoint>;
  /** One operator showed a sealed block, and no other one knew it. */
  isAlone: boolean;
  hasTooFew: boolean;
  /** Milliseconds until a relay that was too busy may be asked again. */
  wait: number;
}

export const noFindings = (): Findings => ({ liars: new Map(), isAlone: false, hasTooFew: false, wait: 0 });

/** Takes down what came of asking one relay. One that is silent or behind is no liar. */
export function note(findings: Findings, endpoint: RpcEndpoint, error: unknown): void {
  if (codeOf(error) === "CHAIN_UNPROVEN") findings.liars.set(endpoint.url, endpoint);
  if (codeOf(error) === "CHAIN_TOO_FEW_VALIDATORS") findings.hasTooFew = true;
  findings.wait = Math.max(findings.wait, busyFor(error) ?? 0);
}

/** Why nothing was proven. */
export function reasonOf({ liars, isAlone, hasTooFew }: Findings): SkrumbleError {
  if (hasTooFew) return tooFewValidators();
  if (isAlone) return new SkrumbleError("CHAIN_MAY_BE_OLD");
  return liars.size > 0 ? unproven("No relay proves what it says.") : new SkrumbleError("CHAIN_UNREACHABLE");
}
