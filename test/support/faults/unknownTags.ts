import type { Fault } from "./fault.ts";

/** A chain whose blocks are final at once does not know `finalized` and `safe`: Besu says "Unknown block". */
export const unknownTags = (): Fault => ({
  async instead({ params }) {
    return params.some((one) => one === "finalized" || one === "safe")
      ? { error: { code: -39001, message: "Unknown block" } }
      : undefined;
  },
});
