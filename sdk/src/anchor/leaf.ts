import { type Bytes, concat, utf8 } from "../crypto/bytes.ts";
import { hmacSha256 } from "../crypto/hash.ts";
import { exportSecret, type MlsGroup, transcriptHash } from "../crypto/mls/state.ts";

/**
 * What goes on chain for the start of a conversation: tag ‖ commitment ‖ mac, 32 bytes each. Tag and MAC key come from
 * the group's exporter, so only its two members can make or recognise the leaf; to everybody else it is random.
 */
export async function startLeaf(group: MlsGroup): Promise<Bytes> {
  const context = utf8("start");
  const tag = await exportSecret(group, "skrumble anchor tag", context, 32);
  const key = await exportSecret(group, "skrumble anchor mac", context, 32);
  const commitment = transcriptHash(group);
  return concat(tag, commitment, hmacSha256(key, concat(tag, commitment)));
}
