import type { Listing, RegisteredPerson } from "../../src/types/jobs.ts";

/** A job in two steps, complete. */
export const listing = (over: Partial<Listing> = {}): Listing => ({
  ...{ language: "en", chainId: 31_337, poster: `0x${"01".padStart(64, "0")}`, title: "A logo" },
  ...{ requirements: "Blue.\nNo gradients.", deliverables: "One SVG file.", rights: "transfer" },
  skills: ["Design", "SVG"],
  asset: { chainId: 31_337, token: `0x${"5c".padStart(40, "0")}`, symbol: "SKM", decimals: 18 },
  milestones: [
    { title: "Sketch", amount: 10n ** 18n, days: 7 },
    { title: "Final", amount: 2n * 10n ** 18n, days: 14 },
  ],
  ...over,
});

export const person = (n: number, pseudonym: string): RegisteredPerson => ({
  id: BigInt(n),
  publicId: `0x${n.toString(16).padStart(64, "0")}`,
  wallet: `0x${n.toString(16).padStart(40, "0")}`,
  ...{ pseudonym, revoked: false },
});
