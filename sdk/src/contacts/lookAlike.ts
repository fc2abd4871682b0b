import type { Contact } from "../types/client.ts";

/**
 * Whether two pseudonyms could pass for each other at a glance. ENSIP-15 refuses what mixes or imitates scripts within one name;
 * this is about two names that are each in order: "alice" and "a1ice", "modern" and "modem", "josé" and "jose".
 */
export const looksLike = (one: string, other: string): boolean => skeletonOf(one) === skeletonOf(other);

/** Somebody else among these whose name could pass for this one's. */
export const findLookAlike = <T extends Pick<Contact, "publicId" | "pseudonym">>(
  { publicId, pseudonym }: Pick<Contact, "publicId" | "pseudonym">,
  known: readonly T[],
): T | undefined => known.find((one) => one.publicId !== publicId && looksLike(one.pseudonym, pseudonym));

/** After the idea of UTS #39: what looks the same has the same skeleton. Of names in normal form. */
function skeletonOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\p{M}\p{Pd}_.'’]/gu, "")
    .toLowerCase();
  const letters = [...plain].map((char) => alike.get(char) ?? char).join("");
  return pairs.reduce((text, [pair, single]) => text.replaceAll(pair, single), letters);
}

/** Each row looks like its first character. */
const rows = [
  ...["aаαɑ", "bвь", "cсϲ", "dԁ", "eеє", "gɡ", "hһн", "lі1iıӏι", "kкκ", "mм", "nո", "oоο0օ", "pрρ"],
  ...["qԛ", "sѕ5", "tтτ", "uυս", "vνѵ", "wԝшω", "xхχ", "yуγ"],
];
const alike = new Map(rows.flatMap(([first = "", ...others]) => others.map((other) => [other, first] as const)));
const pairs = [
  ["rn", "m"],
  ["vv", "w"],
  ["cl", "d"],
] as const;
