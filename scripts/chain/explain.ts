import { basename } from "node:path";
import type { Say } from "../lib/say.ts";
import type { ChainEvent } from "./startChain.ts";

/** Says what happened to the chain in sentences. */
export function explainChain(say: Say): (event: ChainEvent) => void {
  return (event) => {
    switch (event.kind) {
      case "loaded":
        for (const file of event.broken) {
          say.warn(`A saved state of the chain could not be read; it was set aside as ${basename(file)}.`);
        }
        if (event.from === "previous")
          say.warn("The chain continues from the snapshot before; the last seconds may be lost.");
        if (event.from === "none" && event.broken.length > 0) {
          say.warn("No saved state was left, so the chain begins anew: names have to be registered again.");
        }
        return;
      case "restarted":
        return say.warn(`The chain had stopped and runs again from its last snapshot (block ${event.block}).`);
      case "down":
        return say.warn(`The chain is down and is being restarted: ${event.reason}`);
      case "snapshot-failed":
        return say.warn(`The chain's state could not be saved: ${event.reason}`);
    }
  };
}
