import type { Header } from "./header.ts";
import { readHeader } from "./readHeader.ts";
import { checkSeals } from "./seals.ts";

/** One that a quorum of the validators in it has sealed. @throws as {@link readHeader} */
export async function sealedHeader(...asked: Parameters<typeof readHeader>): Promise<Header> {
  const header = await readHeader(...asked);
  await checkSeals(header);
  return header;
}
