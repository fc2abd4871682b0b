import type { CheckedLink, LinkProblem } from "./types.ts";

type CheckLink = (address: string) => CheckedLink | { problem: LinkProblem };

let check: CheckLink | undefined;

/** Before anything is shown that somebody wrote. Where it cannot be loaded, addresses stay plain text. */
export async function loadLinkCheck(): Promise<void> {
  const sdk = await import("@skrumble/sdk").catch(() => undefined);
  check = sdk?.checkLink;
}

/**
 * Whether an address may be a link, and whether its host may pass for another one: the SDK's rule, the same on every side
 * (docs/decisions/0008). Undefined where it has not been loaded.
 */
export const checkLink = (address: string): ReturnType<CheckLink> | undefined => check?.(address);
