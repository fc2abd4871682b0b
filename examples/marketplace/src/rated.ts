import type { Hex } from "@skrumble/sdk";
import { maxComment } from "@skrumble/sdk/jobs";
import { type Keeper, putText, readText } from "./kept.ts";

/**
 * Words of a rating that were signed, kept until relays have them. Those of several signatures where it was in doubt before: the chain
 * has the hash of one, and takes no other any more.
 */

/** So many different words for one rating. */
const mostSigned = 4;

const nameOf = (agreement: Hex) => `marketplace/rated ${agreement}`;

export async function keepRated(client: Keeper, agreement: Hex, comment: string): Promise<void> {
  const words = comment.trim();
  if (words === "") return;
  const before = (await ratedWords(client, agreement)).filter((one) => one !== words);
  await putText(client, nameOf(agreement), JSON.stringify([...before.slice(1 - mostSigned), words]));
}

/** The oldest first; none where none were signed here, or what was kept is damaged. */
export async function ratedWords(client: Keeper, agreement: Hex): Promise<string[]> {
  try {
    const kept: unknown = JSON.parse((await readText(client, nameOf(agreement))) ?? "[]");
    const isText = (one: unknown) => typeof one === "string" && one.length <= maxComment;
    return Array.isArray(kept) && kept.length <= mostSigned && kept.every(isText) ? kept : [];
  } catch {
    return [];
  }
}

export const forgetRated = (client: Keeper, agreement: Hex): Promise<void> => client.kept.remove(nameOf(agreement));
