import type { Client } from "@skrumble/sdk";

/**
 * Texts that the client keeps, encrypted, beside the history: keys, and words until they have arrived. Never in an address or a log.
 */
export type Keeper = Pick<Client, "kept">;

export const putText = ({ kept }: Keeper, name: string, text: string): Promise<void> =>
  kept.put(name, new TextEncoder().encode(text));

export async function readText({ kept }: Keeper, name: string): Promise<string | undefined> {
  const bytes = await kept.get(name);
  return bytes && new TextDecoder().decode(bytes);
}

/** One after the other: what was typed last is what stays. */
let line: Promise<unknown> = Promise.resolve();

const nameOf = (of: string) => `marketplace/words ${of}`;

/** What somebody has typed so far. Where there is no room for it, it is in the page alone. */
export function keepWords(client: Keeper, of: string, words: string): Promise<unknown> {
  line = line
    .then(() => (words === "" ? client.kept.remove(nameOf(of)) : putText(client, nameOf(of), words)))
    .catch(() => undefined);
  return line;
}

/** Undefined where nothing was typed, or it has arrived. */
export const wordsOf = (client: Keeper, of: string): Promise<string | undefined> =>
  line.then(() => readText(client, nameOf(of)));
